namespace LocalCloud.Aws;

/// <summary>An answer that is an error, with the code and status the real service uses.
/// Each protocol writes it in its own way.</summary>
internal sealed class AwsProblem(int status, string code, string message) : Exception(message)
{
    public int Status { get; } = status;

    public string Code { get; } = code;

    /// <summary>Extra elements of an S3 error document, such as Region.</summary>
    public (string Name, string Value)? Detail { get; init; }

    /// <summary>S3 writes the error document under status 200,
    /// as it may for CopyObject and CompleteMultipartUpload.</summary>
    public bool Under200 { get; init; }
}
