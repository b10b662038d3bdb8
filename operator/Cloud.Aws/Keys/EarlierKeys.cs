using Amazon.KeyManagementService.Model;
using Cloud.Keys;

namespace Cloud.Aws.Keys;

/// <summary>Looks through the aliases of our account in a region for keys that
/// an earlier object of the same names left. Changes nothing.</summary>
internal sealed class EarlierKeys(ImportCalls kms, ImportedKeyLook look)
{
    private const int PageSize = 100;

    /// <summary>An account holds 100,000 keys a region; ours have one alias each.</summary>
    private const int MostPages = 2000;

    public async Task<IReadOnlyList<EarlierKey>> FindAsync(
        ImportedKeyOwner owner, string region, CancellationToken cancellation)
    {
        List<EarlierKey> found = [];
        foreach (var alias in await ListAsync(owner, region, cancellation))
        {
            if (await look.DescribeAsync(region, alias,
                cancellation) is { State: not ImportedKeyState.PendingDeletion } key
                && ImportedKeyTags.EarlierOf(owner, await TagsAsync(region, key.Key.Id, cancellation)) is { } uid)
            {
                found.Add(new EarlierKey(key, uid));
            }
        }

        return found;
    }

    private async Task<List<string>> ListAsync(ImportedKeyOwner owner, string region, CancellationToken cancellation)
    {
        var (prefix, own) = (ImportedKeyTags.AliasPrefix(owner), ImportedKeyTags.Alias(owner));
        List<string> names = [];
        string? marker = null;
        for (var page = 0; page < MostPages; page++)
        {
            var request = new ListAliasesRequest { Limit = PageSize, Marker = marker };
            var answer = await kms.SendAsync("ListAliases", region,
                (client, stop) => client.ListAliasesAsync(request, stop), cancellation);
            names.AddRange((answer.Aliases ?? []).Select(alias => alias.AliasName)
                .Where(name => name.StartsWith(prefix, StringComparison.Ordinal) && name != own));
            if (answer.Truncated is not true || answer.NextMarker is not { Length: > 0 } next)
            {
                return names;
            }

            marker = next;
        }

        throw new CloudException(
            new CloudProblem.Refused("TooManyAliases", "the account lists more aliases than KMS allows"),
            "kms:ListAliases");
    }

    private async Task<List<Tag>?> TagsAsync(string region, string id, CancellationToken cancellation)
    {
        var request = new ListResourceTagsRequest { KeyId = id, Limit = 50 };
        return (await kms.SendAsync("ListResourceTags", region,
            (client, stop) => client.ListResourceTagsAsync(request, stop), cancellation)).Tags;
    }
}
