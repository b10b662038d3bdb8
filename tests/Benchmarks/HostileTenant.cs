using System.Text.Json.Nodes;
using ByokOperator.Api;
using Kube.Core;
using Kube.Core.Kinds;
using LocalCloud.Admin;
using LocalCloud.Faults;

namespace Benchmarks;

/// <summary>One tenant among the others whose records all hold nonsense and whose bucket takes no policy:
/// nobody else's closing may wait for it.</summary>
internal sealed class HostileTenant(Fleet fleet, string space)
{
    private const string System = "byok-system";

    public string Space => space;

    public async Task SpoilAsync(CancellationToken cancellation)
    {
        var spoilt = 0;
        await foreach (var page in fleet.Kube.Api<ConfigMap>().ListAsync(new Selection(System), cancellation))
        {
            foreach (var map
                in page.Items.Where(map => map.Metadata.Name.Contains($".{space}.", StringComparison.Ordinal)))
            {
                var data = new JsonObject((map.Data ?? new Dictionary<string, string>()).Keys
                    .Select(entry => KeyValuePair.Create(entry, (JsonNode?)"{\"keyId\":\"x\"}")));
                await fleet.Kube.Api<ConfigMap>()
                    .PatchMergeAsync(map.Metadata.Key, new JsonObject { ["data"] = data }, cancellation);
                spoilt++;
            }
        }

        if (spoilt == 0)
        {
            throw new InvalidOperationException($"nothing is recorded of {space}");
        }

        var store = await fleet.Kube.Api<EncryptedStore>().GetAsync(new ObjectKey(space, "store"), cancellation);
        await fleet.Cloud.AddFaultAsync(
            new FaultOrder
            {
                Service = "s3", Operation = "PutBucketPolicy", Bucket = store.Status!.Location!.Bucket,
                Effect = nameof(FaultEffect.Answer), Status = 400, Code = "MalformedPolicy",
                Message = "Invalid principal in policy",
            },
            cancellation);
    }

    /// <summary>What its store says once its key is known not to be usable: it is on its way to be closed,
    /// and why it gets no further.</summary>
    public async Task<string> UntilToldAsync(Func<bool> isKeyKnown, TimeSpan look, CancellationToken cancellation)
    {
        while (true)
        {
            var status =
                (await fleet.Kube.Api<EncryptedStore>().GetAsync(new ObjectKey(space, "store"), cancellation)).Status;
            if (isKeyKnown() && status?.Availability == "Closing"
                && Conditions.Find(status.Conditions, "Stalled") is { Status: "True" } stalled)
            {
                return $"{status.Availability}, Stalled {stalled.Reason}: {stalled.Message}";
            }

            await Task.Delay(look, cancellation);
        }
    }
}
