using System.Globalization;
using System.Xml;

namespace LocalCloud.Azure.Blob;

/// <summary>Containers themselves.</summary>
internal sealed class Containers
{
    private const int MaxPolicies = 5;

    public Task CreateContainer(BlobCall call)
    {
        call.Demand(BlobRight.WriteContainer);
        var name = call.Azure.Container!;
        if (!Container.IsValid(name))
        {
            throw BlobProblems.InvalidName();
        }

        if (call.Header("x-ms-blob-public-access") is not null && !call.Account.Settings.AnonymousReads)
        {
            throw new AzureProblem(409, "PublicAccessNotPermitted",
                "Public access is not permitted on this storage account.");
        }

        var made = new Container(name, call.Now) { Metadata = BlobMetadata.Read(call.Azure) };
        if (!call.Account.Containers.TryAdd(name, made))
        {
            throw call.Account.Containers.GetValueOrDefault(name)?.Deleted is null ? BlobProblems.ContainerExists()
                : BlobProblems.ContainerBeingDeleted();
        }

        Stamp(call, made);
        return call.Azure.SendEmptyAsync(201);
    }

    public Task GetContainerProperties(BlobCall call)
    {
        call.Demand(BlobRight.ReadContainer);
        var container = call.Container();
        Stamp(call, container);
        BlobMetadata.Write(call.Azure, container.Metadata);
        var headers = call.Azure.Response.Headers;
        headers["x-ms-lease-state"] = container.Lease.State(call.Now);
        headers["x-ms-lease-status"] = container.Lease.IsHeld(call.Now) ? "locked" : "unlocked";
        headers["x-ms-has-immutability-policy"] = "false";
        headers["x-ms-has-legal-hold"] = "false";
        return call.Azure.SendEmptyAsync(200);
    }

    public Task SetContainerMetadata(BlobCall call)
    {
        call.Demand(BlobRight.WriteContainer);
        var container = call.Container();
        (container.Metadata, container.Modified) = (BlobMetadata.Read(call.Azure), call.Now);
        Stamp(call, container);
        return call.Azure.SendEmptyAsync(200);
    }

    public Task DeleteContainer(BlobCall call)
    {
        call.Demand(BlobRight.DeleteContainer);
        var container = call.Container();
        lock (container.Gate)
        {
            container.Lease.DemandWrite(call.Header("x-ms-lease-id"), call.Now);
        }

        if (call.Settings.ContainerRetentionDays is not null)
        {
            container.Deleted = call.Now;
        }
        else
        {
            call.Account.Containers.TryRemove(new(container.Name, container));
        }

        return call.Azure.SendEmptyAsync(202);
    }

    public Task GetContainerAcl(BlobCall call)
    {
        call.Demand(BlobRight.ContainerAcl);
        var container = call.Container();
        Stamp(call, container);
        return BlobXml.SendAsync(call, "SignedIdentifiers", xml =>
        {
            foreach (var (id, policy) in container.Policies)
            {
                xml.WriteStartElement("SignedIdentifier");
                xml.WriteElementString("Id", id);
                xml.WriteStartElement("AccessPolicy");
                WriteTime(xml, "Start", policy.Start);
                WriteTime(xml, "Expiry", policy.Expiry);
                xml.WriteElementString("Permission", policy.Permissions ?? "");
                xml.WriteEndElement();
                xml.WriteEndElement();
            }
        });
    }

    public async Task SetContainerAcl(BlobCall call)
    {
        call.Demand(BlobRight.WriteContainerAcl);
        var container = call.Container();
        var policies = new Dictionary<string, StoredPolicy>(StringComparer.Ordinal);
        if (call.Azure.Request.ContentLength is > 0)
        {
            foreach (var one in (await BlobXml.ReadAsync(call)).Elements("SignedIdentifier"))
            {
                var policy = one.Element("AccessPolicy");
                policies[one.Element("Id")?.Value
                    ?? throw BlobProblems.InvalidXml()] = new StoredPolicy(policy?.Element("Permission")?.Value,
                        SasToken.Time(policy?.Element("Start")?.Value),
                        SasToken.Time(policy?.Element("Expiry")?.Value));
            }
        }

        (container.Policies, container.Modified) =
            (policies.Count <= MaxPolicies ? policies : throw BlobProblems.InvalidXml(), call.Now);
        Stamp(call, container);
        await call.Azure.SendEmptyAsync(200);
    }

    public static void Stamp(BlobCall call, Container container)
    {
        call.Azure.Response.Headers.ETag = container.ETag;
        call.Azure.Response.Headers.LastModified = BlobXml.Date(container.Modified);
    }

    private static void WriteTime(XmlWriter xml, string name, DateTimeOffset? time)
    {
        if (time is { } given)
        {
            xml.WriteElementString(name,
                given.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture));
        }
    }
}
