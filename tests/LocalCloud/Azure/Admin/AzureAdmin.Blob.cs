using LocalCloud.Azure.Blob;
using LocalCloud.Storage;

namespace LocalCloud.Azure.Admin;

public sealed partial class AzureAdmin
{
    /// <summary>How long Copy Blob is pending, on the cloud's clock; 0 is done when it is accepted.</summary>
    public TimeSpan CopyTime
    {
        get => azure.Switches.CopyTime.Value;
        set => azure.Switches.CopyTime.Value = value;
    }

    public void CreateContainer(string account, string container) =>
        Account(account).Containers.TryAdd(container, new Container(container, azure.Clock.GetUtcNow()));

    /// <summary>A blob of any size that costs no disk; its content follows from size and seed. Page blobs' sizes are multiples of 512.</summary>
    public void PutSparse(string account, string container, string name, long size, int seed, string kind = "BlockBlob")
    {
        var found = Container(account, container);
        var content = new SparseContent(size, seed);
        var state = Enum.Parse<BlobKind>(kind) switch
        {
            BlobKind.PageBlob => new BlobState(BlobKind.PageBlob, PageContent.Empty(size).Write(0, content), azure.Stamps.Next()),
            BlobKind.AppendBlob => new BlobState(BlobKind.AppendBlob, content, azure.Stamps.Next()) { AppendedBlocks = 1 },
            _ => new BlobState(BlobKind.BlockBlob, content, azure.Stamps.Next()),
        };
        lock (found.Gate)
        {
            found.Open(name).Replace(state, Account(account).Blobs, azure.Clock.GetUtcNow());
        }
    }

    /// <summary>Many small block blobs at once, without a request each: <c>prefix</c> + number, content from seed and number.</summary>
    public void PutMany(string account, string container, string prefix, int count, int size, int seed)
    {
        for (var i = 0; i < count; i++)
        {
            PutSparse(account, container, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{prefix}{i:D8}"), size, seed + i);
        }
    }

    /// <summary>Names under which there is anything: blobs, versions, snapshots, uncommitted blocks.</summary>
    public int BlobCount(string account, string container)
    {
        var found = Container(account, container);
        lock (found.Gate)
        {
            return found.Index.Count;
        }
    }

    private Container Container(string account, string container) => Account(account).Containers.GetValueOrDefault(container) ?? throw new ArgumentException($"no such container: {container}", nameof(container));
}
