namespace Byok.Material;

/// <summary>What became of an upload.</summary>
internal abstract record OpenedMaterial
{
    private OpenedMaterial()
    {
    }

    /// <summary>Whoever receives it disposes the material.</summary>
    public sealed record Opened(KeyMaterial Material) : OpenedMaterial;

    /// <summary>Wrapped for somebody else, who alone can open it, so it is handed on as it is.
    /// The digest tells two of them apart.</summary>
    public sealed record PassedOn(ReadOnlyMemory<byte> Content, string Digest) : OpenedMaterial;

    /// <summary>Code is one of <see cref="RefusalCodes"/>;
    /// the message names the mend and nothing of the upload's content.</summary>
    public sealed record Refused(string Code, string Message) : OpenedMaterial;
}
