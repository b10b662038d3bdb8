using System.Xml.Linq;
using Azure.Core;
using Cloud.Azure.Calling;

namespace Cloud.Azure.Objects;

/// <summary>Index tags of the source, for a copy that is not made in one request.</summary>
internal static class BlobTags
{
    public static async Task CarryAsync(BlobSite site, BlobCopy copy, BlobLook look, List<(string, string)> headers, CancellationToken cancellation)
    {
        if (!look.HasTags)
        {
            return;
        }

        var reply = await site.SendAsync(
            new AzureCall("blob:GetBlobTags", RequestMethod.Get, copy.Source.Blob(copy.Version.Key, copy.From, "tags"), AzureAudience.Storage), cancellation);
        var tags = XDocument.Load(reply.Body.ToStream()).Descendants("Tag")
            .Select(tag => $"{Uri.EscapeDataString(tag.Element("Key")?.Value ?? "")}={Uri.EscapeDataString(tag.Element("Value")?.Value ?? "")}");
        headers.Add(("x-ms-tags", string.Join('&', tags)));
    }
}
