using System.Globalization;
using LocalCloud.Storage;

namespace LocalCloud.Azure.Blob;

/// <summary>Blobs that grow at their end.</summary>
internal sealed class AppendBlobs(BlobIntake intake)
{
    public const long MaxBlock = 100L << 20;
    private const int MaxBlocks = 50_000;

    public async Task AppendBlock(BlobCall call)
    {
        call.Demand(BlobRight.Append);
        var container = call.Container();
        call.DemandKey();
        await AddAsync(call, container, await intake.ReceiveAsync(call, MaxBlock));
    }

    public static Task AddAsync(BlobCall call, Container container, Content block)
    {
        var offset = 0L;
        var made = call.Change(container, blob =>
        {
            offset = blob.Content.Length;
            Demand(call, blob, block.Length);
            return blob with
            {
                Content = Join(blob, block),
                Stamp = call.Stamp(),
                AppendedBlocks = blob.AppendedBlocks + 1,
            };
        });
        call.Azure.Response.Headers["x-ms-blob-append-offset"] = offset.ToString(CultureInfo.InvariantCulture);
        call.Azure.Response.Headers["x-ms-blob-committed-block-count"] =
            made.AppendedBlocks.ToString(CultureInfo.InvariantCulture);
        return BlobAnswers.SendWritten(call, made, md5: block.KnownMd5);
    }

    public Task Seal(BlobCall call)
    {
        call.Demand(BlobRight.Write);
        var made = call.Change(call.Container(),
            blob =>
                blob.Kind == BlobKind.AppendBlob ? blob with { Sealed = true, Stamp = call.Stamp() }
                    : throw BlobProblems.WrongKind());
        call.Azure.Response.Headers["x-ms-blob-sealed"] = "true";
        return BlobAnswers.SendWritten(call, made, 200);
    }

    private static void Demand(BlobCall call, BlobState blob, long length)
    {
        if (blob.Kind != BlobKind.AppendBlob)
        {
            throw BlobProblems.WrongKind();
        }

        if (blob.Sealed)
        {
            throw BlobProblems.Sealed();
        }

        if (call.Number("x-ms-blob-condition-appendpos") is { } position && position != blob.Content.Length)
        {
            throw BlobProblems.AppendPosition();
        }

        if (call.Number("x-ms-blob-condition-maxsize") is { } most && blob.Content.Length + length > most)
        {
            throw BlobProblems.MaxSize();
        }

        if (blob.AppendedBlocks >= MaxBlocks)
        {
            throw BlobProblems.TooManyBlocks();
        }
    }

    /// <summary>Blocks stay side by side; joining joins would nest as deep as there are blocks.</summary>
    private static Content Join(BlobState blob, Content block) =>
        blob.Content is JoinedContent joined && blob.AppendedBlocks > 1 ? new JoinedContent([.. joined.Parts, block])
            : BlockBlobs.Join(blob.Content.Length == 0 ? [block] : [blob.Content, block]);
}
