using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using k8s.Models;
using Kube.Client;
using Kube.Core.Kinds;

namespace Kube.Runtime.Hosting;

/// <summary>
/// Whose a token is and whether he may read a path, as the API server says, remembered for a short while: a scraper
/// comes every few seconds. A token itself is kept nowhere, only its digest.
/// </summary>
internal sealed class AccessReviews(KubeClient kube, TimeProvider time)
{
    /// <summary>Somebody who was let in may come in for this long after that was taken from him.</summary>
    private static readonly TimeSpan rememberGood = TimeSpan.FromMinutes(1);

    /// <summary>Somebody who is given the right need not wait long.</summary>
    private static readonly TimeSpan rememberBad = TimeSpan.FromSeconds(10);

    private readonly Remembered<V1UserInfo> users = new(time);
    private readonly Remembered<object> allowed = new(time);

    /// <summary>Null where the API server does not know the token.</summary>
    public async Task<V1UserInfo?> WhoseAsync(string token, CancellationToken cancellation)
    {
        var name = Digest(token);
        if (users.TryFind(name, out var known))
        {
            return known;
        }

        var question = new TokenReview { Spec = new TokenReviewSpec { Token = token } };
        var review = await kube.Api<TokenReview>().CreateAsync(question, cancellation);
        var user = review.Status is { Authenticated: true, User: { Username.Length: > 0 } found } ? found : null;
        users.Keep(name, user, user is null ? rememberBad : rememberGood);
        return user;
    }

    public async Task<bool> MayAsync(V1UserInfo user, string verb, string path, CancellationToken cancellation)
    {
        var name = NameOf(user, verb, path);
        if (allowed.TryFind(name, out var known))
        {
            return known is not null;
        }

        var spec = new V1SubjectAccessReviewSpec
        {
            User = user.Username,
            Uid = user.Uid,
            Groups = user.Groups,
            Extra = user.Extra,
            NonResourceAttributes = new() { Path = path, Verb = verb },
        };
        var review = await kube.Api<SubjectAccessReview>()
            .CreateAsync(new SubjectAccessReview { Spec = spec }, cancellation);
        var may = review.Status is { Allowed: true, Denied: not true };
        allowed.Keep(name, may ? this : null, may ? rememberGood : rememberBad);
        return may;
    }

    private static string NameOf(V1UserInfo user, string verb, string path)
    {
        var extra = (user.Extra ?? new Dictionary<string, IList<string>>())
            .Select(one => $"{one.Key}={string.Join(',', one.Value)}");
        return Digest(string.Join(
            '\n', (string[])[verb, path, user.Username, user.Uid ?? "", .. user.Groups ?? [], .. extra]));
    }

    private static string Digest(string text) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>What was found, for a while. Bounded: guesses are nothing, and those go first.</summary>
    private sealed class Remembered<T>(TimeProvider time)
        where T : class
    {
        private const int Most = 1_000;

        private readonly ConcurrentDictionary<string, (T? Value, long At, TimeSpan For)> kept = [];

        public bool TryFind(string name, out T? value)
        {
            var isKept = kept.TryGetValue(name, out var found) && time.GetElapsedTime(found.At) < found.For;
            value = isKept ? found.Value : null;
            return isKept;
        }

        public void Keep(string name, T? value, TimeSpan span)
        {
            if (kept.Count >= Most)
            {
                foreach (var (old, found) in kept)
                {
                    if (found.Value is null || time.GetElapsedTime(found.At) >= found.For)
                    {
                        kept.TryRemove(old, out _);
                    }
                }
            }

            if (kept.Count < Most)
            {
                kept[name] = (value, time.GetTimestamp(), span);
            }
        }
    }
}
