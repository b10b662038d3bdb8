namespace Byok.Import.Serving;

/// <summary>What a call is answered with.</summary>
public abstract record Reply
{
    private Reply()
    {
    }

    public sealed record Handed(RequestAnswer Answer) : Reply
    {
        public override string ToString() => $"import request {Answer.Id}"; // the answer holds the token
    }

    public sealed record Taken(UploadAnswer Answer) : Reply;

    public sealed record Refused(ImportProblem Problem) : Reply;
}
