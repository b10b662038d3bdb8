namespace ByokOperator.Material;

/// <summary>What became of an upload.</summary>
internal abstract record OpenedMaterial
{
    private OpenedMaterial()
    {
    }

    /// <summary>Whoever receives it disposes the material.</summary>
    public sealed record Opened(KeyMaterial Material) : OpenedMaterial;

    /// <summary>Code is one of <see cref="RefusalCodes"/>; the message names the mend and nothing of the upload's content.</summary>
    public sealed record Refused(string Code, string Message) : OpenedMaterial;
}
