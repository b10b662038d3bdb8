using System.Security.Cryptography.X509Certificates;

namespace Kube.Client;

/// <summary>A token that somebody else renews in a file; read again every minute, and at once when it is refused.</summary>
public sealed class TokenFileCredentials(string path, X509Certificate2? certificate, TimeProvider time) : IKubeCredentials
{
    /// <summary>Kubelet renews a token when a fifth of its life (10 minutes at least) is left: a minute is never too late.</summary>
    private static readonly TimeSpan rereadAfter = TimeSpan.FromMinutes(1);

    private Reading? last;

    public ValueTask<KubeCredential> GetAsync(CancellationToken cancellation)
    {
        var known = Volatile.Read(ref last);
        if (known is not null && time.GetElapsedTime(known.At) < rereadAfter)
        {
            return ValueTask.FromResult(known.Credential);
        }

        var next = Read(known);
        Volatile.Write(ref last, next);
        return ValueTask.FromResult(next.Credential);
    }

    public void Refuse(KubeCredential credential)
    {
        if (Volatile.Read(ref last) is { } known && ReferenceEquals(known.Credential, credential))
        {
            Volatile.Write(ref last, known with { At = long.MinValue / 2 });
        }
    }

    /// <summary>While the file is being replaced it may be missing or empty: the last token is still the best known.</summary>
    private Reading Read(Reading? known)
    {
        var token = TryRead(out var failure);
        if (token is null && known is null)
        {
            throw new KubeConfigException($"{path}: no token can be read: {failure?.Message ?? "the file is empty"}", failure);
        }

        var credential = token is null || token == known?.Credential.Authorization?.Parameter
            ? known!.Credential
            : KubeCredential.Bearer(token, certificate);
        return new Reading(credential, time.GetTimestamp());
    }

    private string? TryRead(out Exception? failure)
    {
        failure = null;
        try
        {
            var token = File.ReadAllText(path).Trim();
            return token.Length > 0 ? token : null;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            failure = problem;
            return null;
        }
    }

    private sealed record Reading(KubeCredential Credential, long At);
}
