using System.Security.Cryptography;
using System.Text;
using ByokOperator.Api;
using Kube.Client;
using Kube.Core;
using Kube.Core.Kinds;

namespace ByokOperator.Importing.Requests;

/// <summary>
/// When requests were made for a key within the last 24 hours: one small Secret for each key, read by name, so that what became of the
/// requests, and how many there are of others', makes no difference. A Secret, so that the API needs no right to write anything else.
/// </summary>
internal sealed class RequestCounter(KubeClient kube, RequestOptions options)
{
    public const string ChildKind = "import-count";

    private const string Created = "created";

    /// <summary>Replicas that count for the same key at once; within one process they wait for each other.</summary>
    private const int MostTries = 8;

    private const int Stripes = 64;

    private static readonly TimeSpan window = TimeSpan.FromDays(1);

    private readonly SemaphoreSlim[] gates = [.. Enumerable.Range(0, Stripes).Select(_ => new SemaphoreSlim(1))];

    public static Selection All(string ns) => new(ns, $"{Labels.ManagedBy}={Labels.ManagedByValue},{Children.ChildLabel}={ChildKind}");

    public static ObjectKey Address(string ns, ObjectKey key) =>
        new(ns, $"byok-import-count-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{key.Namespace}/{key.Name}")))[..32]}");

    /// <summary>Whether it says nothing any more.</summary>
    public static bool IsOver(Secret count, DateTimeOffset now) => Read(count, now) is [];

    /// <summary>Null where one more may be made now; else when.</summary>
    public async Task<DateTimeOffset?> FreeAtAsync(ObjectKey key, DateTimeOffset now, CancellationToken cancellation) =>
        FreeAt(Read(await kube.Api<Secret>().TryGetAsync(Address(options.Namespace, key), cancellation), now));

    /// <summary>Counts one more; null where that was one of those that may be made, else when the next one may.</summary>
    public async Task<DateTimeOffset?> CountAsync(ObjectKey key, DateTimeOffset now, CancellationToken cancellation)
    {
        var gate = gates[(uint)key.GetHashCode() % Stripes];
        await gate.WaitAsync(cancellation);
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    return await TryCountAsync(key, now, cancellation);
                }
                catch (KubeException changed) when ((changed.Status.IsInvalid || changed.Status.IsConflict || changed.Status.IsAlreadyExists) && attempt < MostTries)
                {
                    // Another replica counted first: the next look sees it.
                }
            }
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task<DateTimeOffset?> TryCountAsync(ObjectKey key, DateTimeOffset now, CancellationToken cancellation)
    {
        var address = Address(options.Namespace, key);
        var standing = await kube.Api<Secret>().TryGetAsync(address, cancellation);
        var created = Read(standing, now);
        if (FreeAt(created) is { } free)
        {
            return free;
        }

        var text = Encoding.ASCII.GetBytes(string.Join('\n', created.Append(now).Select(RequestSecret.Write)));
        if (standing is null)
        {
            await kube.Api<Secret>().CreateAsync(Build(address, key, text), cancellation, Children.FieldManager);
        }
        else
        {
            await kube.Api<Secret>().PatchJsonAsync(address, RequestSecret.Bound(standing.Metadata).Add($"/data/{Created}", Convert.ToBase64String(text)), cancellation);
        }

        return null;
    }

    private DateTimeOffset? FreeAt(List<DateTimeOffset> created) => created.Count < options.MostPerDay ? null : created[^options.MostPerDay] + window;

    /// <summary>Oldest first. What can't be read counts as nothing: who can write here can do worse.</summary>
    private static List<DateTimeOffset> Read(Secret? count, DateTimeOffset now) =>
    [
        .. Encoding.ASCII.GetString(count?.Data?.GetValueOrDefault(Created) ?? []).Split('\n')
            .Select(RequestSecret.ReadTime).OfType<DateTimeOffset>().Where(time => time > now - window).Order(),
    ];

    private static Secret Build(ObjectKey address, ObjectKey key, byte[] created) => new()
    {
        Metadata = new ObjectMeta
        {
            Name = address.Name,
            Namespace = address.Namespace,
            Labels = new Dictionary<string, string>(Children.LabelsFor(ChildKind)) { [RequestSecret.NamespaceLabel] = key.Namespace, [RequestSecret.KeyLabel] = key.Name },
        },
        Type = "byok.dev/import-count",
        Data = new Dictionary<string, byte[]> { [Created] = created },
    };
}
