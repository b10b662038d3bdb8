using System.Text;
using Kube.Client;
using Kube.Core;
using Kube.Core.Kinds;

namespace Byok.Import.Requests;

/// <summary>
/// When requests were made for a key, or for a tenant, within the last 24 hours: one small Secret for each, read by
/// name, so that what became of the requests, and how many there are of others', makes no difference. A Secret, so that
/// the API needs no right to write anything else.
/// </summary>
public sealed class RequestCounter(KubeClient kube, string ns)
{
    private const string Created = "created";

    /// <summary>Replicas that count for the same key at once; within one process they wait for each other.</summary>
    private const int MostTries = 8;

    private const int Stripes = 64;

    private static readonly TimeSpan window = TimeSpan.FromDays(1);

    private readonly SemaphoreSlim[] gates = [.. Enumerable.Range(0, Stripes).Select(_ => new SemaphoreSlim(1))];

    public static Selection All(string ns) =>
        new(ns, ImportObjects.SelectorOf(Counted.ChildKind));

    /// <summary>Whether it says nothing any more.</summary>
    public static bool IsOver(Secret count, DateTimeOffset now) => Read(count, now) is [];

    /// <summary>Null where one more may be made now; else when.</summary>
    public async Task<DateTimeOffset?> FreeAtAsync(
        Counted counted, DateTimeOffset now, CancellationToken cancellation) =>
        FreeAt(Read(await kube.Api<Secret>().TryGetAsync(new ObjectKey(ns, counted.Name), cancellation), now), counted);

    /// <summary>Counts one more; null where that was one of those that may be made,
    /// else when the next one may.</summary>
    public async Task<DateTimeOffset?> CountAsync(Counted counted, DateTimeOffset now, CancellationToken cancellation)
    {
        var gate = gates[(uint)counted.Name.GetHashCode(StringComparison.Ordinal) % Stripes];
        await gate.WaitAsync(cancellation);
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                try
                {
                    return await TryCountAsync(counted, now, cancellation);
                }
                catch (KubeException changed)
                    when ((changed.Status.IsInvalid || changed.Status.IsConflict || changed.Status.IsAlreadyExists)
                        && attempt < MostTries)
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

    private async Task<DateTimeOffset?> TryCountAsync(
        Counted counted, DateTimeOffset now, CancellationToken cancellation)
    {
        var address = new ObjectKey(ns, counted.Name);
        var standing = await kube.Api<Secret>().TryGetAsync(address, cancellation);
        var created = Read(standing, now);
        if (FreeAt(created, counted) is { } free)
        {
            return free;
        }

        var text = Encoding.ASCII.GetBytes(string.Join('\n', created.Append(now).Select(RequestSecret.Write)));
        if (standing is null)
        {
            await kube.Api<Secret>()
                .CreateAsync(Build(address, counted, text), cancellation, ImportObjects.FieldManager);
        }
        else
        {
            await kube.Api<Secret>()
                .PatchJsonAsync(address,
                    RequestSecret.Bound(standing.Metadata).Add($"/data/{Created}", Convert.ToBase64String(text)),
                    cancellation);
        }

        return null;
    }

    private static DateTimeOffset? FreeAt(List<DateTimeOffset> created, Counted counted) =>
        created.Count < counted.Most ? null : created[^counted.Most] + window;

    /// <summary>Oldest first. What can't be read counts as nothing: who can write here can do worse.</summary>
    private static List<DateTimeOffset> Read(Secret? count, DateTimeOffset now) =>
    [
        .. Encoding.ASCII.GetString(count?.Data?.GetValueOrDefault(Created) ?? []).Split('\n')
            .Select(RequestSecret.ReadTime).OfType<DateTimeOffset>().Where(time => time > now - window).Order(),
    ];

    private static Secret Build(ObjectKey address, Counted counted, byte[] created) => new()
    {
        Metadata = new ObjectMeta { Name = address.Name, Namespace = address.Namespace, Labels = counted.Labels },
        Type = "byok.dev/import-count",
        Data = new Dictionary<string, byte[]> { [Created] = created },
    };
}
