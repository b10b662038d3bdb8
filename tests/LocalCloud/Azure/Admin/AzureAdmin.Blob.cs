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

    /// <summary>What is written there from now on goes under that scope; null:
    /// under the account's own encryption.</summary>
    public void ScopeContainer(string account, string container, string? scope) =>
        Container(account, container).Scope = scope;

    /// <summary>A container with all that it holds, room on disk included,
    /// whatever the account's soft delete says.</summary>
    public void RemoveContainer(string account, string container)
    {
        Account(account).Containers.TryRemove(Container(account, container).Name, out _);
        SegmentStore.Reclaim();
    }

    /// <summary>A blob of any size that costs no disk; its content follows from size and seed.
    /// Page blobs' sizes are multiples of 512.</summary>
    public void PutSparse(
        string account, string container, string name, long size, int seed, string kind = "BlockBlob") =>
        Put((account, container, name), new SparseContent(size, seed), Enum.Parse<BlobKind>(kind), BlobHeaders.None);

    /// <summary>Many block blobs at once, without a request each: <c>prefix</c> + number, content from seed and number.
    /// Each has the digest that Put Blob would have kept.</summary>
    public void PutMany(string account, string container, string prefix, int count, int size, int seed)
    {
        for (var i = 0; i < count; i++)
        {
            var content = azure.Segments.Keep(new SparseContent(size, seed + i));
            var name = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{prefix}{i:D8}");
            Put((account, container, name), content, BlobKind.BlockBlob,
                BlobHeaders.None with { Md5 = Convert.ToBase64String(content.Md5) });
        }
    }

    private void Put(
        (string Account, string Container, string Name) at, Content content, BlobKind kind, BlobHeaders headers)
    {
        var found = Container(at.Account, at.Container);
        var state = kind switch
        {
            BlobKind.PageBlob =>
                new BlobState(BlobKind.PageBlob, PageContent.Empty(content.Length).Write(0, content),
                    azure.Stamps.Next()),
            BlobKind.AppendBlob =>
                new BlobState(BlobKind.AppendBlob, content, azure.Stamps.Next()) { AppendedBlocks = 1 },
            _ => new BlobState(BlobKind.BlockBlob, content, azure.Stamps.Next()) { Headers = headers },
        };
        lock (found.Gate)
        {
            found.Open(at.Name).Replace(state, Account(at.Account).Blobs, azure.Clock.GetUtcNow());
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

    private Container Container(string account, string container) =>
        Account(account).Containers.GetValueOrDefault(container)
            ?? throw new ArgumentException($"no such container: {container}", nameof(container));
}
