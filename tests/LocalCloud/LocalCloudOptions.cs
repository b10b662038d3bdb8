namespace LocalCloud;

public sealed record LocalCloudOptions
{
    /// <summary>0 takes a free port.</summary>
    public int Port { get; init; }

    /// <summary>Azure with TLS; 0 takes a free port.</summary>
    public int AzurePort { get; init; }

    /// <summary>Azure without TLS; 0 takes a free port.</summary>
    public int AzurePlainPort { get; init; }

    public string Partition { get; init; } = "aws";

    /// <summary>Where object data lies; deleted as it goes. null: the system's temporary folder.</summary>
    public string? StorageFolder { get; init; }

    /// <summary>Plain HTTP on loopback counts as TLS for <c>aws:SecureTransport</c>, so that TLS-only policies can be
    /// tested without certificates.</summary>
    public bool TreatHttpAsSecure { get; init; } = true;

    public bool VerifySignatures { get; init; } = true;

    /// <summary>A request signed for another region than the bucket's is answered 301 PermanentRedirect.</summary>
    public bool EnforceRegions { get; init; } = true;

    /// <summary>How long S3 goes on serving after a key was disabled; AWS is seen to take seconds.</summary>
    public TimeSpan S3DisableLag { get; init; }

    /// <summary>How long a new grant counts only for callers who show its token; AWS says up to 5 minutes.</summary>
    public TimeSpan GrantLag { get; init; }

    /// <summary>Calls kept in full; counts are kept of all.</summary>
    public int CallLogCapacity { get; init; } = 10_000;

    /// <summary>A copy reads and writes every byte, as a real store must;
    /// otherwise it is one more reference to the same bytes.</summary>
    public bool CopiesMoveBytes { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
