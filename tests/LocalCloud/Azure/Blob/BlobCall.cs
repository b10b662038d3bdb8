using System.Globalization;
using LocalCloud.Azure.Storage;

namespace LocalCloud.Azure.Blob;

/// <summary>One request to the blob service of an account that exists, by a caller who is known.</summary>
internal sealed class BlobCall(AzureCall azure, AzureCloud cloud, StorageAccount account, BlobGate gate)
{
    public AzureCall Azure { get; } = azure;

    public AzureCloud Cloud { get; } = cloud;

    public StorageAccount Account { get; } = account;

    public BlobGate Gate { get; } = gate;

    public BlobCaller Caller => Azure.BlobCaller!;

    public string Name => Azure.Key!;

    public DateTimeOffset Now { get; } = cloud.Clock.GetUtcNow();

    public BlobSettings Settings => Account.Blobs;

    public string? Header(string name) => Azure.Header(name);

    public string? Query(string name) => Azure.Query[name];

    public string Required(string header) => Header(header) ?? throw BlobProblems.MissingHeader(header);

    public long? Number(string header) => Header(header) is not { } text ? null
        : long.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number
        : throw BlobProblems.InvalidHeader(header, text);

    public void Demand(BlobRight right)
    {
        if (!Gate.May(Caller, right, Account, (Azure.Container, Azure.Key)))
        {
            throw BlobProblems.PermissionMismatch();
        }
    }

    public Container Container() => Account.Containers.GetValueOrDefault(Azure.Container!) switch
    {
        { Deleted: null } found => found,
        _ => throw BlobProblems.ContainerNotFound(),
    };

    /// <summary>For the operations that Storage can't do without the tenant's key.</summary>
    public void DemandKey() => Cloud.KeyLink.DemandOpen(Account);

    public long Stamp() => Cloud.Stamps.Next();

    /// <summary>The blob, version or snapshot addressed, as it is now.</summary>
    public BlobState Find(Container container)
    {
        lock (container.Gate)
        {
            var entry = container.Index.Find(Name);
            if (entry is not null)
            {
                Settle(entry);
            }

            return entry?.Find(Query("snapshot"), Query("versionid")) ?? throw BlobProblems.BlobNotFound();
        }
    }

    /// <summary>Ends a pending copy whose time has come, forgets what was kept long enough. Under the lock.</summary>
    public void Settle(BlobEntry entry)
    {
        if (Settings.RetentionDays is { } days)
        {
            entry.Purge(Now.AddDays(-days));
        }

        if (entry.Current is { Copy: { IsPending: true, Result: { } result } copy } && copy.Ends <= Now)
        {
            entry.Current = result with
            {
                VersionId = entry.Current.VersionId,
                Copy = copy with { Status = "success", Result = null },
            };
        }
    }

    /// <summary>Puts another content in place of what is there, if conditions and lease let it.</summary>
    public BlobState Replace(Container container, Func<BlobState?, BlobState> make)
    {
        lock (container.Gate)
        {
            var entry = container.Open(Name);
            try
            {
                Settle(entry);
                DemandWritable(entry);
                if (entry.Live is not null)
                {
                    Demand(BlobRight.Write);
                }

                entry.Replace(make(entry.Live) with { Scope = container.Scope }, Settings, Now);
                return entry.Current!;
            }
            finally
            {
                container.Close(entry);
            }
        }
    }

    /// <summary>Changes the current blob in place.</summary>
    public BlobState Change(Container container, Func<BlobState, BlobState> make)
    {
        lock (container.Gate)
        {
            var entry = container.Index.Find(Name);
            if (entry is not null)
            {
                Settle(entry);
            }

            var live = entry?.Live ?? throw BlobProblems.BlobNotFound();
            DemandWritable(entry);
            return entry.Current = make(live);
        }
    }

    public void DemandWritable(BlobEntry entry)
    {
        BlobConditions.DemandWrite(this, entry.Live);
        entry.Lease.DemandWrite(Header("x-ms-lease-id"), Now);
        if (entry.Live is { Copy.IsPending: true })
        {
            throw BlobProblems.PendingCopy();
        }
    }
}
