namespace Byok.Import.Serving;

/// <summary>What an accepted upload is answered with.</summary>
/// <param name="Status"><c>Accepted</c>: it opens, and the import goes on in the background.</param>
/// <param name="Id">Of the import request.</param>
public sealed record UploadAnswer(string Status, string Id);
