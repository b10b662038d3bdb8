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

/// <summary>What a call for an import request is answered with.</summary>
/// <param name="PublicKey">PEM, SubjectPublicKeyInfo.</param>
/// <param name="Algorithm">How to wrap.</param>
public sealed record RequestAnswer(
    string PublicKey, string ImportToken, string Algorithm, DateTimeOffset ExpiresAt, string Id);

/// <summary>What an accepted upload is answered with.</summary>
/// <param name="Status"><c>Accepted</c>: it opens, and the import goes on in the background.</param>
/// <param name="Id">Of the import request.</param>
public sealed record UploadAnswer(string Status, string Id);
