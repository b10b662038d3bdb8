namespace Byok.Import.Serving;

/// <summary>Where the API listens and how much it takes on.</summary>
public sealed record ServingOptions
{
    /// <summary><c>host:port</c>.</summary>
    public required string Listen { get; init; }

    /// <summary>PEM, the leaf first; null: plain HTTP, which is for a loopback address alone.</summary>
    public string? CertificateFile { get; init; }

    public string? KeyFile { get; init; }

    /// <summary>Calls of one tenant that may come at once.</summary>
    public int TenantBurst { get; init; } = 40;

    /// <summary>Calls of one tenant that go on: an import is two of them.</summary>
    public int TenantPerSecond { get; init; } = 10;

    /// <summary>Calls of one address without an API key that was found good lately; twice as many at once.</summary>
    public int AddressPerSecond { get; init; } = 10;

    /// <summary>Calls with API keys that were not, from everywhere: each costs a read of the API server. Twice as many
    /// at once; several times what one address may.</summary>
    public int GuessesPerSecond { get; init; } = 50;

    /// <summary>Calls in hand at a time, over all tenants; more wait, and far more are refused.</summary>
    public int MostAtOnce { get; init; } = 64;

    /// <summary>A call that takes longer is given up.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(30);
}
