using System.Net.Http.Headers;
using k8s.Authentication;

namespace Kube.Client;

/// <summary>
/// A token that somebody else renews in a file. The official client reads it again after a minute; it fails while the
/// file is being replaced, and does not hear of a refusal: both are mended here.
/// </summary>
/// <param name="path">The file.</param>
/// <param name="fallback">Shown where there was never a file to read;
/// kubectl takes a kubeconfig's <c>token</c> so.</param>
internal sealed class TokenFile(string path, string? fallback) : ITokenProvider, IRefusable
{
    private TokenFileAuth file = new(path);
    private AuthenticationHeaderValue? last = fallback is null ? null : new("Bearer", fallback);

    public async Task<AuthenticationHeaderValue> GetAuthenticationHeaderAsync(CancellationToken cancellationToken)
    {
        Exception? failure = null;
        try
        {
            var read = await Volatile.Read(ref file).GetAuthenticationHeaderAsync(cancellationToken);
            if (read.Parameter is { Length: > 0 })
            {
                Volatile.Write(ref last, read);
                return read;
            }
        }
        catch (Exception problem) when (!cancellationToken.IsCancellationRequested
            && problem is AggregateException or IOException or UnauthorizedAccessException)
        {
            failure = problem.GetBaseException();
        }

        return Volatile.Read(ref last)
            ?? throw new KubeConfigException($"{path}: no token can be read: {failure?.Message ?? "the file is empty"}",
                failure);
    }

    public void Refuse(AuthenticationHeaderValue? shown)
    {
        if (Equals(Volatile.Read(ref last), shown))
        {
            Volatile.Write(ref file, new TokenFileAuth(path));
        }
    }
}
