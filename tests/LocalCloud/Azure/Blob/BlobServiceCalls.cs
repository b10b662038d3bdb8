using System.Globalization;

namespace LocalCloud.Azure.Blob;

/// <summary>What is asked of the account: its containers, its properties, keys to delegate with.</summary>
internal sealed class BlobServiceCalls
{
    private const int MaxPage = 5000;
    private static readonly string[] KeyParts =
        ["SignedOid", "SignedTid", "SignedStart", "SignedExpiry", "SignedService", "SignedVersion"];
    private static readonly TimeSpan MaxKeyTime = TimeSpan.FromDays(7);

    public Task ListContainers(BlobCall call)
    {
        call.Demand(BlobRight.ListContainers);
        var prefix = call.Query("prefix") ?? "";
        var marker = call.Query("marker") ?? "";
        var limit = BlobLists.Limit(call, MaxPage);
        var includes = (call.Query("include") ?? "").Split(',');
        var found = call.Account.Containers.Values
            .Where(one =>
                (one.Deleted is null || includes.Contains("deleted"))
                    && one.Name.StartsWith(prefix, StringComparison.Ordinal)
                    && string.CompareOrdinal(one.Name, marker) > 0)
            .OrderBy(one => one.Name, StringComparer.Ordinal).Take(limit + 1).ToArray();
        return BlobXml.SendAsync(call, "EnumerationResults", xml =>
        {
            xml.WriteAttributeString("ServiceEndpoint", LocalCloudAzure.Blob(call.Account.Name).ToString());
            xml.WriteElementString("Prefix", prefix);
            xml.WriteElementString("MaxResults", limit.ToString(CultureInfo.InvariantCulture));
            xml.WriteStartElement("Containers");
            foreach (var one in found.Take(limit))
            {
                xml.WriteStartElement("Container");
                xml.WriteElementString("Name", one.Name);
                xml.WriteStartElement("Properties");
                xml.WriteElementString("Last-Modified", BlobXml.Date(one.Modified));
                xml.WriteElementString("Etag", one.ETag);
                xml.WriteElementString("LeaseStatus", one.Lease.IsHeld(call.Now) ? "locked" : "unlocked");
                xml.WriteElementString("LeaseState", one.Lease.State(call.Now));
                xml.WriteEndElement();
                if (includes.Contains("metadata"))
                {
                    BlobLists.WriteMetadata(xml, one.Metadata);
                }

                xml.WriteEndElement();
            }

            xml.WriteEndElement();
            xml.WriteElementString("NextMarker", found.Length > limit ? found[limit - 1].Name : "");
        });
    }

    public Task GetAccountInformation(BlobCall call)
    {
        call.Azure.Response.Headers["x-ms-sku-name"] = (string?)call.Account.Head["sku"]?["name"] ?? "Standard_LRS";
        call.Azure.Response.Headers["x-ms-account-kind"] = (string?)call.Account.Head["kind"] ?? "StorageV2";
        call.Azure.Response.Headers["x-ms-is-hns-enabled"] = "false";
        return call.Azure.SendEmptyAsync(200);
    }

    public Task GetServiceProperties(BlobCall call)
    {
        call.Demand(BlobRight.ServiceProperties);
        return BlobXml.SendAsync(call, "StorageServiceProperties", xml =>
        {
            xml.WriteElementString("DefaultServiceVersion", "2020-04-08");
            xml.WriteStartElement("DeleteRetentionPolicy");
            xml.WriteElementString("Enabled", call.Settings.RetentionDays is null ? "false" : "true");
            if (call.Settings.RetentionDays is { } days)
            {
                xml.WriteElementString("Days", days.ToString(CultureInfo.InvariantCulture));
            }

            xml.WriteEndElement();
        });
    }

    public async Task GetUserDelegationKey(BlobCall call)
    {
        call.Demand(BlobRight.DelegationKey);
        if (call.Caller is not BlobCaller.Bearer { Principal: var principal })
        {
            throw BlobProblems.AuthenticationFailed("Only authentication scheme Bearer is supported");
        }

        var document = await BlobXml.ReadAsync(call);
        var start = SasToken.Time(document.Element("Start")?.Value) ?? call.Now;
        var expiry = SasToken.Time(document.Element("Expiry")?.Value) ?? throw BlobProblems.InvalidXml();
        if (expiry <= call.Now || expiry - call.Now > MaxKeyTime)
        {
            throw new AzureProblem(400, "InvalidInput", "The key expiry time must be within seven days from now.");
        }

        string[] parts =
            [principal.ObjectId, principal.Tenant, Text(start), Text(expiry), "b", call.Required("x-ms-version")];
        await BlobXml.SendAsync(call, "UserDelegationKey", xml =>
        {
            foreach (var (name, value) in KeyParts.Zip(parts))
            {
                xml.WriteElementString(name, value);
            }

            xml.WriteElementString("Value", Convert.ToBase64String(SasCheck.DelegationKey(call.Account, parts)));
        });
    }

    private static string Text(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
