using System.Buffers;
using Cloud.Objects;

namespace Byok.Copying;

/// <summary>
/// Appends to one shard's manifest. What was flushed is the checkpoint; a chunk is created and never replaced, so of
/// two workers that hold the same shard one is refused.
/// </summary>
internal sealed class ManifestWriter(IObjectData data, CopyOptions options, ManifestTail tail, CopyRetryPolicy retries)
{
    /// <summary>Bounds what a crash can lose and what a reader must hold.</summary>
    public const int FlushEntries = 200;

    private const int MaxEntriesPerChunk = 2_000;

    private readonly List<ObjectResult> pending = [];

    /// <summary>What is durable.</summary>
    public ManifestTail Tail { get; private set; } = tail;

    /// <summary>What is durable and what waits for the next flush.</summary>
    public Counts Counts { get; private set; } = tail.Counts;

    public int PendingEntries { get; private set; }

    /// <summary>Keys without entries wait too: they move the checkpoint on.</summary>
    public int PendingKeys => pending.Count;

    /// <summary>False once a write failed: whether it took effect is unknown,
    /// so only the next attempt can tell where to go on.</summary>
    public bool CanFlush { get; private set; } = true;

    public bool IsFull => PendingEntries >= FlushEntries || PendingKeys >= FlushEntries;

    public void Append(ObjectResult result)
    {
        pending.Add(result);
        PendingEntries += result.Entries.Count;
        Counts += result.Counts;
    }

    public async Task FlushAsync(CancellationToken cancellation)
    {
        if (pending.Count == 0)
        {
            return;
        }

        var cut = new ChunkCut(Tail);
        foreach (var result in pending)
        {
            cut.Begin(result.Key);
            foreach (var entry in result.Entries)
            {
                var line = ManifestChunk.Line(entry);
                if (!cut.IsEmpty
                    && (cut.Bytes + line.Length > ManifestChunk.MaxBodyBytes || cut.Entries >= MaxEntriesPerChunk))
                {
                    await WriteAsync(cut, wholeKey: false, cancellation);
                    cut = new ChunkCut(Tail);
                    cut.Begin(result.Key);
                }

                cut.Add(line);
            }

            cut.End(result.Counts);
        }

        await WriteAsync(cut, wholeKey: true, cancellation);
        pending.Clear();
        PendingEntries = 0;
    }

    private async Task WriteAsync(ChunkCut cut, bool wholeKey, CancellationToken cancellation)
    {
        var head = new ChunkHead
        {
            Fingerprint = options.Fingerprint,
            Shard = options.Shard,
            Sequence = Tail.Chunks,
            EndsWithWholeKey = wholeKey,
            Previous = Tail.Digest,
            FirstKey = cut.FirstKey,
            LastKey = cut.LastKey,
            Counts = cut.Counts,
        };
        var name = MarkNames.Chunk(options.Fingerprint, options.Shard, Tail.Chunks);
        var over = Tail.Leftovers.GetValueOrDefault(Tail.Chunks, Mark.OnlyNew);
        var packed = ManifestChunk.Pack(head, cut.Body);
        CanFlush = false;
        await retries.InsistAsync(
            () => Marks.CreateAsync(data, options.Marks, name, packed, options.KeyOfMarks, over, cancellation),
            cancellation);
        CanFlush = true;
        Tail = Tail with
        {
            Chunks = Tail.Chunks + 1,
            Digest = ManifestChunk.Chain(Tail.Digest, cut.Body),
            Counts = cut.Counts,
            LastKey = cut.LastKey,
        };
    }

    /// <summary>The chunk being filled.</summary>
    private sealed class ChunkCut(ManifestTail tail)
    {
        private readonly ArrayBufferWriter<byte> body = new();

        public string FirstKey { get; private set; } = "";

        public string LastKey { get; private set; } = "";

        public Counts Counts { get; private set; } = tail.Counts;

        public int Entries { get; private set; }

        public int Bytes => body.WrittenCount;

        public bool IsEmpty => Entries == 0;

        public ReadOnlySpan<byte> Body => body.WrittenSpan;

        public void Begin(string key)
        {
            FirstKey = FirstKey.Length == 0 ? key : FirstKey;
            LastKey = key;
        }

        public void Add(byte[] line)
        {
            body.Write(line);
            Entries++;
        }

        public void End(Counts tally) => Counts += tally;
    }
}

/// <summary>Where a shard's manifest stops, and so where its worker goes on.</summary>
/// <param name="Chunks">Chunks that count; the next one gets this number.</param>
/// <param name="LastKey">Everything up to and including it is dealt with; null at the very beginning.</param>
/// <param name="Leftovers">ETags of chunks beyond, cut off within a key: to be written over.</param>
public sealed record ManifestTail(
    int Chunks, string Digest, Counts Counts, string? LastKey, IReadOnlyDictionary<int, string> Leftovers)
{
    public static readonly ManifestTail Empty =
        new(0, ManifestChunk.NoDigest, Counts.Zero, null, new Dictionary<int, string>());
}
