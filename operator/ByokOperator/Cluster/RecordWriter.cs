using ByokOperator.Api;
using ByokOperator.Reconciling;
using ByokOperator.Records;
using Kube.Core;
using Kube.Core.Kinds;

namespace ByokOperator.Cluster;

/// <summary>
/// Edits one record at a time, on a live look and bound to it, and signs the whole of it anew. What stands and is not
/// authentic is never written over.
/// </summary>
internal sealed class RecordWriter(OperatorContext around)
{
    private RecordView Records => around.Cluster.Records;

    /// <summary>Live, for acts; looks read the watch.</summary>
    public async Task<Recorded<T>> ReadAsync<T>(RecordOwner owner, CancellationToken cancellation)
        where T : class, IRecord<T>
    {
        await Records.MacKey.EnsureAsync(around.Kube, cancellation);
        return RecordCodec.Read<T>(await LiveAsync<T>(owner, cancellation), Records.MacKey);
    }

    /// <summary>The first of these that stands; null where none does.
    /// One that can't be trusted says how it is mended.</summary>
    public async Task<T?> FirstStandingAsync<T>(IEnumerable<RecordOwner> owners, CancellationToken cancellation)
        where T : class, IRecord<T>
    {
        foreach (var owner in owners)
        {
            var live = await ReadAsync<T>(owner, cancellation);
            if (live.Fault is { } fault)
            {
                throw new RefusedActException(fault.Reason, fault.Message) { NeedsPerson = true };
            }

            if (live.Trusted is { } known)
            {
                return known;
            }
        }

        return null;
    }

    /// <summary>
    /// Edits the record, or makes it from an empty one where none stands. An edit that leaves everything as it is
    /// writes nothing: that is how the first word is kept. Throws <see cref="RefusedActException"/>, and changes
    /// nothing, where a record stands that is not authentic, where nothing can be signed,
    /// and where the outcome would not be valid.
    /// </summary>
    /// <param name="owner">Whose.</param>
    /// <param name="edit">Pure; sees what stands now.</param>
    /// <param name="cancellation">As everywhere.</param>
    /// <returns>What stands afterwards.</returns>
    public async Task<T> EditAsync<T>(RecordOwner owner, Func<T, T> edit, CancellationToken cancellation)
        where T : class, IRecord<T>
    {
        await Records.MacKey.EnsureAsync(around.Kube, cancellation);
        var live = await LiveAsync<T>(owner, cancellation);
        var standing = RecordCodec.Read<T>(live, Records.MacKey);
        if (standing.Fault is { } fault)
        {
            throw new RefusedActException(fault.Reason, fault.Message);
        }

        var before = standing.Trusted ?? T.New(owner);
        var after = edit(before);
        if (RecordCodec.TextOf(after) == RecordCodec.TextOf(before))
        {
            Saw<T>(live);
            return before;
        }

        var api = around.Kube.Api<ConfigMap>();
        Demand(after, owner);
        Saw<T>(live is null
            ? await api.CreateAsync(RecordCodec.Build(after, around.Options.Namespace, Records.MacKey), cancellation,
                Children.FieldManager)
            : await api.PatchJsonAsync(live.Metadata.Key, RecordCodec.Replace(live, after, Records.MacKey),
                cancellation));
        return after;
    }

    /// <summary>Takes the record away, whatever stands there,
    /// if <paramref name="mayEnd"/> still says so of what stands now.</summary>
    public async Task EndAsync<T>(RecordOwner owner, Func<Recorded<T>, bool> mayEnd, CancellationToken cancellation)
        where T : class, IRecord<T>
    {
        await Records.MacKey.EnsureAsync(around.Kube, cancellation);
        if (await LiveAsync<T>(owner, cancellation) is { } live && mayEnd(RecordCodec.Read<T>(live, Records.MacKey)))
        {
            var bound = new DeleteOptions { Uid = live.Metadata.Uid, ResourceVersion = live.Metadata.ResourceVersion };
            await around.Kube.Api<ConfigMap>().DeleteAsync(live.Metadata.Key, bound, cancellation);
        }
    }

    private Task<ConfigMap?> LiveAsync<T>(RecordOwner owner, CancellationToken cancellation)
        where T : class, IRecord<T> =>
            around.Kube.Api<ConfigMap>().TryGetAsync(Records.AddressOf<T>(owner), cancellation);

    /// <summary>What can't be read back must not be written.</summary>
    private static void Demand<T>(T record, RecordOwner owner)
        where T : class, IRecord<T>
    {
        var fault = record.Owner != owner ? "it speaks of another object"
            : RecordCodec.TextOf(record).Length > RecordCodec.MaxText ? "it is too long"
            : record.Faults().FirstOrDefault();
        if (fault is not null)
        {
            throw new RefusedActException("RecordInvalid", $"what was to be recorded is not valid: {fault}");
        }
    }

    private void Saw<T>(ConfigMap? written)
        where T : class, IRecord<T>
    {
        if (written is not null && T.IsWatched)
        {
            around.Writes.Wrote(written);
        }
    }
}
