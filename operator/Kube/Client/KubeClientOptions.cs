namespace Kube.Client;

/// <summary>The limits of a client. The defaults find a half-open connection within 45 s.</summary>
public sealed record KubeClientOptions
{
    /// <summary>Who we are in the apiserver's audit log and flow schemas.</summary>
    public string UserAgent { get; init; } = "kube";

    /// <summary>One attempt of one request, body included; the apiserver's own limit is 60 s,
    /// a list page takes under 10.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// After this the server ends a watch, and it is opened again where it was (no list). A peer that has gone silent
    /// can't be told from a quiet one sooner than that, so this plus the margin is how long blindness can last.
    /// </summary>
    public TimeSpan WatchServerTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How much longer than the server's timeout silence is believed: a slow network, a busy server.</summary>
    public TimeSpan WatchMargin { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Attempts of one request before its caller hears of the failure;
    /// controllers back off on their own.</summary>
    public int MaxAttempts { get; init; } = 5;

    /// <summary>An object is at most about 1.5 MiB in etcd, and JSON of it a few times that.</summary>
    public int MaxLineBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>
    /// A page of 500 usual objects is a tenth of it. Others decide how large their objects are, so a longer page is
    /// asked for again with fewer; one object, at most 1.5 MiB in etcd and six times that in JSON, always fits.
    /// </summary>
    public int MaxBodyBytes { get; init; } = 32 * 1024 * 1024;
}
