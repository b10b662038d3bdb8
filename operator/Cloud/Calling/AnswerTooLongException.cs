namespace Cloud.Calling;

/// <summary>No service's answer is as long as this one.</summary>
internal sealed class AnswerTooLongException(
    int mostBytes) : IOException($"the answer is longer than {mostBytes} bytes")
{
    /// <summary>Null unless that is what is at the bottom of it: SDKs wrap what their wire throws.</summary>
    public static CloudProblem? ProblemOf(Exception? failure)
    {
        for (; failure is not null; failure = failure.InnerException)
        {
            if (failure is AnswerTooLongException)
            {
                return new CloudProblem.Unreachable(CloudProblem.AnswerTooLong, failure.Message);
            }
        }

        return null;
    }
}
