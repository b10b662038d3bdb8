using System.Collections.Concurrent;
using Amazon.KeyManagementService.Model;
using Cloud.Keys;

namespace Cloud.Aws.Keys;

/// <summary>Looks through all keys of our account in a region for one owner's.</summary>
internal sealed class ImportedKeyScan(ImportCalls kms, ImportedKeyLook look)
{
    private const int PageSize = 1000;

    /// <summary>An account holds 100,000 keys a region; twice that is a listing that does not end.</summary>
    private const int MostPages = 200;

    /// <summary>Side by side; the limiter keeps the rate, this keeps the connections few.</summary>
    private const int Lookers = 8;

    public async Task<IReadOnlyList<ImportedKey>> ScanAsync(
        ImportedKeyOwner owner, string region, CancellationToken cancellation)
    {
        var all = await ListAsync(region, cancellation);
        var found = new ConcurrentBag<ImportedKey>();
        var refusals = new ConcurrentBag<CloudException>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = Lookers, CancellationToken = cancellation };
        await Parallel.ForEachAsync(all, options, async (arn, stop) =>
        {
            if (await IsOwnedAsync(owner, region, arn, refusals, stop)
                && await look.DescribeAsync(region, arn, stop) is { } key)
            {
                found.Add(key);
            }
        });

        // A key of others may refuse us. If all do it is we who may not look, and "none found" would be a guess.
        return all.Count > 0 && refusals.Count == all.Count
            ? throw refusals.First()
            : [.. found.OrderBy(key => key.CreatedAt).ThenBy(key => key.Key.Id, StringComparer.Ordinal)];
    }

    private async Task<List<string>> ListAsync(string region, CancellationToken cancellation)
    {
        var arns = new List<string>();
        string? marker = null;
        for (var page = 0; page < MostPages; page++)
        {
            var request = new ListKeysRequest { Limit = PageSize, Marker = marker };
            var answer = await kms.SendAsync("ListKeys", region, (client, stop) => client.ListKeysAsync(request, stop),
                cancellation);
            arns.AddRange((answer.Keys ?? []).Select(key => key.KeyArn));
            if (answer.Truncated is not true || answer.NextMarker is not { Length: > 0 } next)
            {
                return arns;
            }

            marker = next;
        }

        throw new CloudException(new CloudProblem.Refused("TooManyKeys", "the account lists more keys than KMS allows"),
            "kms:ListKeys");
    }

    /// <summary>A key has at most 50 tags, which is one page.</summary>
    private async Task<bool> IsOwnedAsync(
        ImportedKeyOwner owner,
        string region,
        string arn,
        ConcurrentBag<CloudException> refusals,
        CancellationToken cancellation)
    {
        try
        {
            var answer = await kms.SendAsync(
                "ListResourceTags", region,
                (client, stop) =>
                    client.ListResourceTagsAsync(new ListResourceTagsRequest { KeyId = arn, Limit = 50 }, stop),
                        cancellation);
            return ImportedKeyTags.Owns(owner, answer.Tags);
        }
        catch (CloudException refusal) when (refusal.Problem is CloudProblem.Forbidden)
        {
            refusals.Add(refusal);
            return false;
        }
        catch (CloudException gone) when (gone.Problem is CloudProblem.NotFound)
        {
            return false;
        }
    }
}
