using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Amazon.S3.Model;
using Cloud.Aws.Calling;
using Cloud.Calling;
using Cloud.Stores;

namespace Cloud.Aws.Stores;

/// <summary>
/// Reads and changes bucket policies. S3 has no conditional write here, so one process changes one policy at a time,
/// and reads back what it wrote.
/// </summary>
internal sealed class BucketPolicies(S3Site site) : IDisposable
{
    public const string Full = "PolicyFull";

    private const int ReadBacks = 5;
    private static readonly TimeSpan BetweenReadBacks = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentDictionary<string, SemaphoreSlim> writers = new(StringComparer.Ordinal);

    public async Task<BucketPolicy> ReadAsync(StoreRef store, Evidence? evidence, CancellationToken cancellation) =>
        BucketPolicy.Parse(await ReadTextAsync(store, evidence, cancellation));

    /// <summary>As S3 gives it out, whatever it is; null where there is none.</summary>
    public async Task<string?> ReadTextAsync(StoreRef store, Evidence? evidence, CancellationToken cancellation)
    {
        var account = (await site.CallerAsync(cancellation)).Account;
        var answer = await site.FindAsync(
            "s3:GetBucketPolicy",
            store,
            (s3, stop) =>
                s3.GetBucketPolicyAsync(
                    new GetBucketPolicyRequest { BucketName = store.Name, ExpectedBucketOwner = account }, stop),
            evidence,
            cancellation);
        return answer is null || IsNone(answer) ? null : answer.Policy;
    }

    /// <summary>The SDK swallows this one refusal and hands its body out as the policy.</summary>
    private static bool IsNone(GetBucketPolicyResponse answer)
    {
        if (answer.HttpStatusCode != HttpStatusCode.NotFound)
        {
            return false;
        }

        return answer.Policy?.Contains("NoSuchBucketPolicy", StringComparison.Ordinal) is not false
            ? true
            : throw new CloudException(new CloudProblem.NotFound("NoSuchBucket", "the bucket does not exist"),
                "s3:GetBucketPolicy");
    }

    /// <summary>Writes only a difference, and returns only after the change was read back.</summary>
    /// <param name="store">Whose policy.</param>
    /// <param name="change">The wanted policy from the standing one;
    /// the same instance where nothing is to change.</param>
    /// <param name="isInForce">Whether a policy read back has the change.</param>
    /// <param name="cancellation">Stops before the write, or while reading back.</param>
    public Task ChangeAsync(
        StoreRef store,
        Func<BucketPolicy, BucketPolicy> change,
        Func<BucketPolicy, bool> isInForce,
        CancellationToken cancellation) => AloneAsync(store, async () =>
    {
        var standing = await ReadAsync(store, evidence: null, cancellation);
        var wanted = change(standing);
        if (ReferenceEquals(standing, wanted))
        {
            return false;
        }

        await WriteAsync(store, wanted, cancellation);
        await ReadBackAsync(store, isInForce, cancellation);
        return true;
    }, cancellation);

    /// <summary>While nobody else of this process changes the bucket's policy.</summary>
    public async Task<T> AloneAsync<T>(StoreRef store, Func<Task<T>> work, CancellationToken cancellation)
    {
        var writer = writers.GetOrAdd(store.Name, static _ => new SemaphoreSlim(1, 1));
        await writer.WaitAsync(cancellation);
        try
        {
            return await work();
        }
        finally
        {
            writer.Release();
        }
    }

    /// <summary>A policy without statements is none.</summary>
    public async Task WriteAsync(StoreRef store, BucketPolicy wanted, CancellationToken cancellation)
    {
        var account = (await site.CallerAsync(cancellation)).Account;
        if (wanted.IsEmpty)
        {
            await site.SendAsync(
                "s3:DeleteBucketPolicy",
                store,
                (s3, stop) =>
                    s3.DeleteBucketPolicyAsync(
                        new DeleteBucketPolicyRequest { BucketName = store.Name, ExpectedBucketOwner = account }, stop),
                evidence: null,
                cancellation);
            return;
        }

        var text = wanted.ToText();
        if (Encoding.UTF8.GetByteCount(text) > BucketPolicy.MostBytes)
        {
            throw new CloudException(
                new CloudProblem.Conflict(Full,
                    "the bucket's policy would grow past S3's 20 KB; it takes one more once another tenant's fence is "
                        + "lifted"),
                "s3:PutBucketPolicy");
        }

        await site.SendAsync(
            "s3:PutBucketPolicy",
            store,
            (s3, stop) => s3.PutBucketPolicyAsync(
                new PutBucketPolicyRequest { BucketName = store.Name, Policy = text, ExpectedBucketOwner = account },
                stop),
            evidence: null,
            cancellation);
    }

    public async Task ReadBackAsync(StoreRef store, Func<BucketPolicy, bool> isInForce, CancellationToken cancellation)
    {
        for (var look = 1; !isInForce(await ReadAsync(store, evidence: null, cancellation)); look++)
        {
            if (look == ReadBacks)
            {
                throw new CloudException(
                    new CloudProblem.Unreachable("NotYetInForce",
                        "the bucket's policy was written, but does not read back so yet"), "s3:PutBucketPolicy");
            }

            await Task.Delay(BetweenReadBacks, site.Time, cancellation);
        }
    }

    public void Dispose()
    {
        foreach (var writer in writers.Values)
        {
            writer.Dispose();
        }
    }
}
