namespace LocalCloud.Azure;

/// <summary>One of the four services that share the door.</summary>
internal abstract class AzureService(string name)
{
    public string Name { get; } = name;

    /// <summary>Names the operation in the call, and gives what performs it.</summary>
    public abstract Func<Task> Route(AzureCall call);

    /// <summary>Recognises the caller, or refuses.</summary>
    public abstract void Admit(AzureCall call);

    public abstract AzureProblem Throttled(int retryAfterSeconds);

    public abstract AzureProblem Denied(AzureCall call);

    public virtual AzureProblem Internal(int status) => status == 503
        ? new AzureProblem(503, "ServiceUnavailable", "The service is unavailable.")
        : new AzureProblem(status, "InternalServerError", "Encountered internal server error.");

    /// <summary>For a body whose values are of the wrong kind.</summary>
    public virtual AzureProblem Malformed() => new(400, "BadRequest", "The request content was invalid.");

    public abstract Task SendProblemAsync(AzureCall call, AzureProblem problem);
}
