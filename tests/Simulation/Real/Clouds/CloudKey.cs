namespace Simulation.Real.Clouds;

/// <summary>A key in a tenant's KMS, or one of the platform's own that a tenant's secret was imported into,
/// as it really is.</summary>
internal sealed class CloudKey(string region, string arn)
{
    public string Region { get; } = region;

    public string Arn { get; } = arn;

    /// <summary>What it encrypts with now; another number is another key under the same id.
    /// What is imported into one says it itself.</summary>
    public int Material { get => Import is { } import ? import.Material : field; set; } = 1;

    public bool IsDisabled { get; set; }

    /// <summary>Null for a key that its tenant keeps.</summary>
    public Imported? Import { get; init; }

    /// <summary>Why nobody can say whether it works, as the service calls it; null while it answers.</summary>
    public string? Silence { get; set; }

    /// <summary>It does nothing for anybody.</summary>
    public bool IsOff => IsDisabled || Import?.IsGoing == true;

    public bool IsUnreachable => Silence is not null;

    /// <summary>Whether the service names the material.</summary>
    public bool TellsMaterial { get; set; }

    public HashSet<string> Grants { get; } = [];

    /// <summary>Whether data under this material can be read at all now.</summary>
    public bool Works(int material) => !IsOff && !IsUnreachable && Opens(material);

    /// <summary>What was encrypted with it is opened.</summary>
    public bool Opens(int material) => Import is { } import ? import.Opens(material) : Material == material;
}
