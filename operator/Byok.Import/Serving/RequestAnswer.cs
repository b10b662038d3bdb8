namespace Byok.Import.Serving;

/// <summary>What a call for an import request is answered with.</summary>
/// <param name="PublicKey">PEM, SubjectPublicKeyInfo.</param>
/// <param name="Algorithm">How to wrap.</param>
public sealed record RequestAnswer(
    string PublicKey, string ImportToken, string Algorithm, DateTimeOffset ExpiresAt, string Id);
