using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;
using Shouldly;
using Xunit;

namespace LocalCloud.Tests.Aws.S3;

public sealed class MultipartTests(CloudFixture cloud) : IClassFixture<CloudFixture>
{
    private const int FiveMiB = 5 << 20;

    private IAmazonS3 S3 => cloud.OperatorS3;

    [Fact]
    public async Task Parts_become_one_object_with_a_composite_ETag()
    {
        var bucket = await cloud.NewBucket();
        var bytes = RandomNumberGenerator.GetBytes(FiveMiB + 10);
        var id = await Begin(bucket);
        var one = await Part(bucket, id, 1, bytes[..FiveMiB]);
        var two = await Part(bucket, id, 2, bytes[FiveMiB..]);
        (await S3.ListPartsAsync(bucket, "m", id)).Parts.Select(part => part.Size).ShouldBe([FiveMiB, 10]);
        var done = await Complete(bucket, id, one, two);
        done.ETag.Trim('"')
            .ShouldBe(
                Convert.ToHexStringLower(
                    MD5.HashData([.. MD5.HashData(bytes[..FiveMiB]), .. MD5.HashData(bytes[FiveMiB..])])) + "-2");
        using var got = await S3.GetObjectAsync(bucket, "m");
        using var all = new MemoryStream();
        await got.ResponseStream.CopyToAsync(all);
        all.ToArray().SequenceEqual(bytes).ShouldBeTrue();
        await Expect.Problem(404, "NoSuchUpload", () => Complete(bucket, id, one, two));
    }

    [Fact]
    public async Task Small_parts_wrong_tags_and_wrong_order_are_refused()
    {
        var bucket = await cloud.NewBucket();
        var id = await Begin(bucket);
        var one = await Part(bucket, id, 1, [1]);
        var two = await Part(bucket, id, 2, [2]);
        await Expect.Problem(400, "EntityTooSmall", () => Complete(bucket, id, one, two));
        await Expect.Problem(400, "InvalidPart", () => Complete(bucket, id, new PartETag(1, "\"00\"")));
        (await S3.ListMultipartUploadsAsync(bucket)).MultipartUploads.Single().UploadId.ShouldBe(id);
        await S3.AbortMultipartUploadAsync(bucket, "m", id);
        await Expect.Problem(404, "NoSuchUpload", () => Part(bucket, id, 1, [1]));
    }

    [Fact]
    public async Task Six_GiB_are_copied_part_by_part_and_keep_their_bytes()
    {
        var bucket = await cloud.NewBucket();
        const long size = (6L << 30) + 12_345;
        cloud.Admin.PutSparse(bucket, "big", size, 42);
        await Expect.Problem(400, "InvalidRequest", () => S3.CopyObjectAsync(bucket, "big", bucket, "copy"));
        var source = await S3.GetObjectMetadataAsync(
            new GetObjectMetadataRequest { BucketName = bucket, Key = "big", ChecksumMode = ChecksumMode.ENABLED });
        var begun = await S3.InitiateMultipartUploadAsync(
            new InitiateMultipartUploadRequest
            {
                BucketName = bucket,
                Key = "m",
                ChecksumAlgorithm = ChecksumAlgorithm.CRC64NVME,
                ChecksumType = ChecksumType.FULL_OBJECT,
            });
        var parts = new List<PartETag>();
        const long step = (2L << 30) + 777;
        for (var start = 0L; start < size; start += step)
        {
            var copied = await S3.CopyPartAsync(
                new CopyPartRequest
                {
                    SourceBucket = bucket,
                    SourceKey = "big",
                    DestinationBucket = bucket,
                    DestinationKey = "m",
                    UploadId = begun.UploadId,
                    PartNumber = parts.Count + 1,
                    FirstByte = start,
                    LastByte = Math.Min(size, start + step) - 1,
                    ETagToMatch = [source.ETag],
                });
            parts.Add(
                new PartETag(copied.PartNumber ?? 0, copied.ETag) { ChecksumCRC64NVME = copied.ChecksumCRC64NVME });
        }

        await Expect.Problem(400, "InvalidArgument",
            () =>
                S3.CopyPartAsync(
                    new CopyPartRequest
                    {
                        SourceBucket = bucket,
                        SourceKey = "big",
                        DestinationBucket = bucket,
                        DestinationKey = "m",
                        UploadId = begun.UploadId,
                        PartNumber = 9,
                        FirstByte = 0,
                        LastByte = size,
                    }));
        var done = await S3.CompleteMultipartUploadAsync(
            new CompleteMultipartUploadRequest
            {
                BucketName = bucket,
                Key = "m",
                UploadId = begun.UploadId,
                PartETags = parts,
                ChecksumType = ChecksumType.FULL_OBJECT,
            });
        done.ChecksumCRC64NVME.ShouldBe(source.ChecksumCRC64NVME);
        var (copy, original) = (await Slice(bucket, "m"), await Slice(bucket, "big"));
        copy.SequenceEqual(original).ShouldBeTrue();
    }

    private async Task<byte[]> Slice(string bucket, string key)
    {
        using var got = await S3.GetObjectAsync(
            new GetObjectRequest
            {
                BucketName = bucket,
                Key = key,
                ByteRange = new ByteRange((2L << 30) - 100_000, (2L << 30) + 100_000),
            });
        using var all = new MemoryStream();
        await got.ResponseStream.CopyToAsync(all);
        return all.ToArray();
    }

    private async Task<string> Begin(string bucket) => (await S3.InitiateMultipartUploadAsync(bucket, "m")).UploadId;

    private async Task<PartETag> Part(string bucket, string id, int number, byte[] bytes)
    {
        var answer = await S3.UploadPartAsync(
            new UploadPartRequest
            {
                BucketName = bucket,
                Key = "m",
                UploadId = id,
                PartNumber = number,
                InputStream = new MemoryStream(bytes),
            });
        return new PartETag(number, answer.ETag);
    }

    private Task<CompleteMultipartUploadResponse> Complete(string bucket, string id, params List<PartETag> parts) =>
        S3.CompleteMultipartUploadAsync(
            new CompleteMultipartUploadRequest { BucketName = bucket, Key = "m", UploadId = id, PartETags = parts });
}
