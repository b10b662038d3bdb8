using System.Globalization;

namespace LocalCloud.Azure.Blob;

/// <summary>Lease Blob and Lease Container.</summary>
internal sealed class Leases
{
    public Task LeaseBlob(BlobCall call)
    {
        call.Demand(BlobRight.Write);
        var container = call.Container();
        lock (container.Gate)
        {
            var entry = container.Index.Find(call.Name);
            var live = entry?.Live ?? throw BlobProblems.BlobNotFound();
            BlobConditions.DemandWrite(call, live);
            BlobAnswers.WriteChange(call, live);
            return Act(call, entry.Lease);
        }
    }

    public Task LeaseContainer(BlobCall call)
    {
        call.Demand(BlobRight.WriteContainer);
        var container = call.Container();
        lock (container.Gate)
        {
            Containers.Stamp(call, container);
            return Act(call, container.Lease);
        }
    }

    private static Task Act(BlobCall call, Lease lease)
    {
        var headers = call.Azure.Response.Headers;
        var id = call.Header("x-ms-lease-id");
        switch (call.Required("x-ms-lease-action").ToLowerInvariant())
        {
            case "acquire":
                headers["x-ms-lease-id"] = lease.Acquire(call.Header("x-ms-proposed-lease-id"),
                    (int)(call.Number("x-ms-lease-duration")
                        ?? throw BlobProblems.MissingHeader("x-ms-lease-duration")), call.Now);
                return call.Azure.SendEmptyAsync(201);
            case "renew":
                headers["x-ms-lease-id"] = lease.Renew(id, call.Now);
                return call.Azure.SendEmptyAsync(200);
            case "change":
                headers["x-ms-lease-id"] = lease.Change(id, call.Required("x-ms-proposed-lease-id"), call.Now);
                return call.Azure.SendEmptyAsync(200);
            case "release":
                lease.Release(id);
                return call.Azure.SendEmptyAsync(200);
            case "break":
                headers["x-ms-lease-time"] = lease.Break((int?)call.Number("x-ms-lease-break-period"), call.Now)
                    .ToString(CultureInfo.InvariantCulture);
                return call.Azure.SendEmptyAsync(202);
            default:
                throw BlobProblems.InvalidHeader("x-ms-lease-action", call.Header("x-ms-lease-action"));
        }
    }
}
