using System.Text.Json.Nodes;
using Amazon.S3;
using Amazon.S3.Model;
using Cloud.Stores;
using Cloud.Tests.Contract;
using LocalCloud;
using LocalCloud.Admin;
using LocalCloud.Faults;
using Shouldly;

namespace Cloud.Tests.Aws.Stores;

/// <summary>A store with what others wrote into its policy, and who keeps what a closing sets aside.</summary>
internal sealed class Closings(ContractWorld world, LocalCloudAdmin admin)
{
    public string? Kept { get; private set; }

    public IObjectStores Stores => world.Cloud.Stores;

    /// <summary>Keeps as the operator's records do.</summary>
    public DenialOrder Recorded => new(IsRecorded: true, Kept, (aside, _) =>
    {
        Kept = aside;
        return Task.CompletedTask;
    });

    public static string Statement(
        string bucket, string sid, string principal, string effect = "Allow", string action = "s3:GetObject") =>
        $$"""{"Sid":"{{sid}}","Effect":"{{effect}}","Principal":{{principal}},"Action":"{{action}}","Resource":["arn:aws:s3:::{{bucket}}","arn:aws:s3:::{{bucket}}/*"]}""";

    public static string Role(string arn) => $$"""{"AWS":"{{arn}}"}""";

    public static string Foreign(StoreSpec spec, string sid, string role) =>
        Statement(spec.Store.Name, sid, Role(role));

    public async Task<StoreSpec> StoreAsync()
    {
        var spec = await world.StoreAsync();
        await world.PutAsync(spec.Store, "a", "x");
        return spec;
    }

    public string NewRole()
    {
        var arn = $"arn:aws:iam::{LocalCloudAccounts.Platform}:role/gone-{Guid.NewGuid():N}";
        admin.AddPrincipal(arn);
        return arn;
    }

    /// <summary>What the operator alone is answered.</summary>
    public int Refuse(StoreSpec spec, string operation, int status, string code, int? count = null) => admin.AddFault(
        new FaultRule(new FaultEffect.Answer(status, code, "refused"))
        {
            Service = "s3",
            Operation = operation,
            Bucket = spec.Store.Name,
            AccessKey = LocalCloudAccounts.OperatorAccessKey,
            Count = count,
        });

    public async Task ShouldBeClosedAsync(StoreSpec spec)
    {
        (await IsShutAsync(spec)).ShouldBeTrue();
        (await Stores.LookAtDenialAsync(spec, CancellationToken.None)).IsDenied.ShouldBeTrue();
    }

    /// <summary>Somebody of the platform writes it beside ours.</summary>
    public async Task AddAsync(StoreSpec spec, params string[] statements)
    {
        var policy = JsonNode.Parse((await world.Platform.GetBucketPolicyAsync(spec.Store.Name)).Policy)!;
        foreach (var statement in statements)
        {
            policy["Statement"]!.AsArray().Add(JsonNode.Parse(statement));
        }

        await world.Platform.PutBucketPolicyAsync(spec.Store.Name, policy.ToJsonString());
    }

    /// <summary>As many statements of others as leave no room for one more.</summary>
    /// <returns>How many.</returns>
    public async Task<int> FillAsync(StoreSpec spec, Func<int, string> roleOf)
    {
        const int Full = 20 * 1024;
        var room = Full - (await world.Platform.GetBucketPolicyAsync(spec.Store.Name)).Policy.Length;
        List<string> statements = [];
        while (true)
        {
            var next = Foreign(spec, $"Theirs{statements.Count:D2}", roleOf(statements.Count));
            room -= next.Length + 1;
            if (room < 0)
            {
                await AddAsync(spec, [.. statements]);
                return statements.Count;
            }

            statements.Add(next);
        }
    }

    public Task BlockPublicAsync(StoreSpec spec, bool isBlocked) =>
        world.Platform.PutPublicAccessBlockAsync(new PutPublicAccessBlockRequest
        {
            BucketName = spec.Store.Name,
            PublicAccessBlockConfiguration = new PublicAccessBlockConfiguration
            {
                BlockPublicAcls = isBlocked, BlockPublicPolicy = isBlocked, IgnorePublicAcls = isBlocked,
                RestrictPublicBuckets = isBlocked,
            },
        });

    public async Task<IReadOnlyList<string>> SidsAsync(StoreSpec spec) =>
    [
        .. JsonNode.Parse((await world.Platform.GetBucketPolicyAsync(spec.Store.Name)).Policy)!["Statement"]!.AsArray()
            .Select(statement => statement!["Sid"]!.ToString()),
    ];

    /// <summary>Whether a workload that may do anything elsewhere is shut out of listing and reading.</summary>
    public async Task<bool> IsShutAsync(StoreSpec spec) =>
        await IsRefusedAsync(() =>
            world.Workload.ListObjectsV2Async(new ListObjectsV2Request { BucketName = spec.Store.Name }))
        && await IsRefusedAsync(() => world.Workload.GetObjectAsync(spec.Store.Name, "a"));

    private static async Task<bool> IsRefusedAsync(Func<Task> act)
    {
        try
        {
            await act();
            return false;
        }
        catch (AmazonS3Exception answer)
        {
            return answer.StatusCode == System.Net.HttpStatusCode.Forbidden;
        }
    }
}
