using LocalCloud.Aws.S3;
using LocalCloud.Azure.Storage;
using LocalCloud.Storage;

namespace LocalCloud.Azure.Blob;

/// <summary>What a copy copies: found by URL, read with credentials of its own.</summary>
internal sealed record CopySource(StorageAccount Account, string Container, BlobState Blob, string Url)
{
    /// <param name="call">The request, which names the source in a header.</param>
    /// <param name="sameAccount">In its own account the caller needs no other credentials.</param>
    public static CopySource Find(BlobCall call, bool sameAccount)
    {
        var url = call.Required("x-ms-copy-source");
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri))
        {
            throw BlobProblems.InvalidHeader("x-ms-copy-source", url);
        }

        var address = AzureAddress.Of(uri.Host, uri.PathAndQuery);
        var parts = address.Path.TrimStart('/').Split('/', 2);
        if (address.Service != "blob" || parts.Length < 2)
        {
            throw BlobProblems.InvalidHeader("x-ms-copy-source", url);
        }

        var (container, name) = (Uri.UnescapeDataString(parts[0]), Uri.UnescapeDataString(parts[1]));
        try
        {
            var account = call.Cloud.Accounts.Find(address.Account) ?? throw BlobProblems.BlobNotFound();
            var caller = Caller(call, account, address, (container, name), sameAccount);
            BlobGate.DemandNetwork(account);
            if (!call.Gate.May(caller, BlobRight.Read, account, (container, name)))
            {
                throw BlobProblems.PermissionMismatch();
            }

            var blob = Look(account, container, name, address) ?? throw BlobProblems.BlobNotFound();
            call.Cloud.KeyLink.DemandOpen(account);
            var found = new CopySource(account, container, blob, uri.GetLeftPart(UriPartial.Path));
            return found.Demand(call);
        }
        catch (AzureProblem why) when (why.Status is not (409 or 412))
        {
            throw BlobProblems.CannotVerifySource(why);
        }
    }

    /// <summary>The range asked for, all of it otherwise, checked against the digest that the client expects; bytes of
    /// its own where copies are to move them.</summary>
    public Content Slice(BlobCall call, long limit)
    {
        var (start, count) = (0L, Blob.Content.Length);
        if (call.Header("x-ms-source-range") is { } header
            && (!ByteRange.TryParse(header, Blob.Content.Length, out start, out count) || count == 0))
        {
            throw BlobProblems.InvalidRange();
        }

        if (count > limit)
        {
            throw BlobProblems.TooLarge(limit);
        }

        var content = SlicedContent.Of(Blob.Content, start, count);
        if (call.Header("x-ms-source-content-md5") is { } md5 && md5 != Convert.ToBase64String(content.Md5))
        {
            throw BlobProblems.Md5Mismatch();
        }

        return call.Cloud.Moved(content);
    }

    private CopySource Demand(BlobCall call)
    {
        BlobConditions.DemandSource(call, Blob);
        return Blob.Tier == "Archive" ? throw BlobProblems.BlobArchived() : this;
    }

    private static BlobCaller Caller(
        BlobCall call, StorageAccount account, AzureAddress address, (string, string) target, bool sameAccount)
    {
        if (call.Header("x-ms-copy-source-authorization") is { } header)
        {
            return header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
                ? call.Gate.Bearer(header["Bearer ".Length..], account)
                : throw BlobProblems.InvalidHeader("x-ms-copy-source-authorization", "");
        }

        if (address.Query.Has("sig"))
        {
            return call.Gate.Signature((address.Query, true), account, target);
        }

        return sameAccount && ReferenceEquals(account, call.Account) ? call.Caller : throw call.Gate.Unknown(account);
    }

    private static BlobState? Look(StorageAccount account, string container, string name, AzureAddress address)
    {
        if (account.Containers.GetValueOrDefault(container) is not { Deleted: null } found)
        {
            return null;
        }

        lock (found.Gate)
        {
            return found.Index.Find(name)?.Find(address.Query["snapshot"], address.Query["versionid"]);
        }
    }
}
