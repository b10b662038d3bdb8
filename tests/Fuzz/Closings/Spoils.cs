using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.S3;
using Amazon.S3.Model;
using ByokOperator.Cluster;
using ByokOperator.Stores;
using Fuzz.Clouds;
using Fuzz.Cluster;
using Fuzz.Nonsense;
using Kube.Core;

namespace Fuzz.Closings;

/// <summary>Puts nonsense where the operator reads: its records, the marks beside the data, the owner's tag,
/// the policy, its own kinds.</summary>
internal sealed class Spoils(Scene scene, MemoryAws aws, Random random)
{
    /// <summary>None is a bound of a field: what a server without rules takes,
    /// and whoever may edit a ConfigMap.</summary>
    private static readonly string[] times = ["9999-12-31T23:59:59.9999999Z", "0001-01-01T00:00:00Z",
        "2926-01-01T00:00:00Z", "2026-01-01T00:00:00+14:00", "soon", ""];

    private static readonly string[] durations =
        ["60000000h60000000h60000000h", "0s", "8760h", "-1s", "999999999999ms", ""];

    private static readonly string[] availabilities = ["Open", "Paused", "Closing", "Closed", ""];

    private static readonly string[] marks = ["pin.json", "receipt.json", "served.json", "retired.json"];

    private readonly Mutation mutation = new(random);
    private readonly List<string> told = [];

    /// <summary>Nobody can be sure whose the place is, or somebody forbade the operator to change its policy: it may
    /// have to be told that it can't be shut.</summary>
    public bool MayHoldUp { get; private set; }

    /// <summary>What the operator keeps itself was left alone.</summary>
    public bool AreRecordsGood { get; private set; } = true;

    /// <summary>As it was spoilt; until the operator writes it, it is nobody's word.</summary>
    public string? Status { get; private set; }

    public string Told => string.Join("; ", told);

    public void Do()
    {
        if (random.Next(2) == 0)
        {
            SpoilRecords();
        }

        if (random.Next(3) == 0)
        {
            SpoilObject("encryptedstores", Scene.Store);
        }

        if (random.Next(3) == 0)
        {
            SpoilObject("tenantencryptionkeys", Scene.Key);
        }

        if (random.Next(2) == 0)
        {
            SpoilReport();
        }

        if (random.Next(3) == 0)
        {
            SpoilDurations();
        }

        scene.Run(async () =>
        {
            await SpoilMarksAsync();
            await SpoilOwnerAsync();
            await SpoilPolicyAsync();
            await OrphanStatementAsync();
            return true;
        });
    }

    private void SpoilRecords()
    {
        AreRecordsGood = false;
        foreach (var record in scene.Records("").Where(_ => random.Next(3) > 0))
        {
            var data = scene.Object("configmaps", record)!["data"]!.AsObject();
            var text = mutation.Of((string)data["record"]!);
            var how = random.Next(4);
            var mac = how == 0 ? scene.MacKey.Sign(record.Name, text) : how == 1 ? mutation.Of((string)data["mac"]!)
                : (string)data["mac"]!;
            told.Add($"record {record.Name}{(how == 0 ? " (signed)" : "")}: {Short(text)}");
            Write("configmaps", record, map => map["data"] = new JsonObject { ["record"] = text, ["mac"] = mac });
        }
    }

    /// <summary>Whatever a status or an annotation says, nothing follows from it.</summary>
    private void SpoilObject(string plural, ObjectKey key)
    {
        var what = random.Next(2) == 0 ? "status" : "annotations";
        var now = what == "status" ? scene.Object(plural, key)!["status"]
            : scene.Object(plural, key)!["metadata"]!["annotations"];
        // of one that was never open the operator says nothing that this could be
        var text = what == "status" && !scene.IsShared && random.Next(2) == 0
            ? """{"availability":"Closed","closedSince":"2026-01-01T00:00:00Z","verdict":"Usable"}"""
            : mutation.Of(
                (now ?? new JsonObject { ["byok.dev/paused"] = "true", ["byok.dev/report-at"] = "x" }).ToJsonString());
        try
        {
            var made =
                JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
            if (what == "annotations"
                && (made is not JsonObject notes
                    || notes.Any(note => note.Value?.GetValueKind() != JsonValueKind.String)))
            {
                return; // nor annotations that are no texts
            }

            if (what == "status" && made?["conditions"] is { } conditions
                && (conditions is not JsonArray list
                    || list.Any(one =>
                        one is not JsonObject { } condition
                            || condition["type"]?.GetValueKind() != JsonValueKind.String)))
            {
                return; // nor, in what it merges by type, what has none
            }

            told.Add($"{what} of {plural}: {Short(text)}");
            Status = what == "status" && key == Scene.Store ? made?.ToJsonString() : Status;
            Write(plural, key, map => (what == "status" ? map : map["metadata"]!.AsObject())[what] = made);
        }
        catch (Exception unstorable) when (unstorable is JsonException or InvalidOperationException)
        {
            // An API server takes nothing that is no JSON.
        }
    }

    /// <summary>What the ladder asks of the last report stands in annotations,
    /// where the tenant's namespace is.</summary>
    private void SpoilReport()
    {
        var report = new ObjectKey(Scene.Store.Namespace, StoreNames.ReportOf(Scene.Store.Name));
        if (scene.Object("configmaps", report) is null)
        {
            return; // there is none yet
        }

        var notes = new JsonObject
        {
            [ReportMap.WrittenAtAnnotation] = One(times),
            [ReportMap.AvailabilityAnnotation] = One(availabilities),
            [ReportMap.DeviationsAnnotation] = random.Next(2) == 0 ? mutation.Of("StoreMissing,KeyRefused") : "",
            [ReportMap.AnswersAnnotation] = mutation.Of("x"),
        };
        told.Add($"report {Short(notes.ToJsonString())}");
        Write("configmaps", report, map => map["metadata"]!["annotations"] = notes);
    }

    private void SpoilDurations()
    {
        var (interval, overlap, kept, fence) = (One(durations), One(durations), One(durations), One(durations));
        told.Add($"durations {interval} {overlap} {kept} {fence}");
        Write("encryptedstores", Scene.Store, store =>
        {
            var spec = store["spec"]!.AsObject();
            spec["report"] = new JsonObject { ["interval"] = interval };
            spec["rotation"] = new JsonObject { ["overlap"] = overlap };
            spec["migration"] = new JsonObject { ["keepSourceFor"] = kept, ["fenceTimeout"] = fence };
        });
    }

    private string One(string[] of) => of[random.Next(of.Length)];

    private async Task SpoilMarksAsync()
    {
        foreach (var mark in marks.Where(_ => random.Next(4) == 0))
        {
            var bytes = mutation.Of(await StandingAsync(mark));
            told.Add($"mark {mark}: {Short(System.Text.Encoding.UTF8.GetString(bytes))}");
            await aws.Operator.PutObjectAsync(
                new PutObjectRequest
                {
                    BucketName = scene.Bucket,
                    Key = $".byok/{mark}",
                    InputStream = new MemoryStream(bytes),
                    UseChunkEncoding = false,
                });
        }
    }

    private async Task<byte[]> StandingAsync(string mark)
    {
        try
        {
            using var answer = await aws.Operator.GetObjectAsync(scene.Bucket, $".byok/{mark}");
            var content = new MemoryStream();
            await answer.ResponseStream.CopyToAsync(content);
            return content.ToArray();
        }
        catch (AmazonS3Exception)
        {
            return
                """{"specHash":"abc","fenceToken":"0000000000000000","receipt":"abc","at":"2026-01-01T00:00:00Z","finishedAt":"2026-01-01T00:00:00Z","versions":1,"bytes":1}"""u8.ToArray();
        }
    }

    private async Task SpoilOwnerAsync()
    {
        if (random.Next(6) > 0)
        {
            return;
        }

        MayHoldUp = true;
        var tag = random.Next(3) switch { 0 => null, 1 => "other-tenant", _ => new string('x', 200) };
        told.Add($"owner {tag ?? "gone"}");
        await aws.Platform.PutBucketTaggingAsync(new PutBucketTaggingRequest
        {
            BucketName = scene.Bucket,
            TagSet = tag is null ? [new Tag { Key = "x", Value = "y" }]
                : [new Tag { Key = "byok.dev/owner", Value = tag }],
        });
    }

    /// <summary>As far as the cloud takes it.</summary>
    private async Task SpoilPolicyAsync()
    {
        if (random.Next(3) > 0)
        {
            return;
        }

        var text = mutation.Of((await aws.Platform.GetBucketPolicyAsync(scene.Bucket)).Policy);
        try
        {
            await aws.Platform.PutBucketPolicyAsync(scene.Bucket, text);
            MayHoldUp = true;
            told.Add($"policy {Short(text)}");
        }
        catch (Exception refused)
            when (refused is AmazonS3Exception or ArgumentException or Amazon.Runtime.AmazonClientException)
        {
            // Then it stands nowhere.
        }
    }

    /// <summary>Somebody's role is deleted that a statement names: S3 takes no policy with it in any more.</summary>
    private async Task OrphanStatementAsync()
    {
        if (random.Next(4) > 0)
        {
            return;
        }

        var role = $"arn:aws:iam::{LocalCloud.LocalCloudAccounts.Platform}:role/gone-{Guid.NewGuid():N}";
        aws.Admin.AddPrincipal(role);
        var policy = JsonNode.Parse((await aws.Platform.GetBucketPolicyAsync(scene.Bucket)).Policy)!;
        policy["Statement"]!.AsArray()
            .Add(
                new JsonObject
                {
                    ["Sid"] = "Theirs",
                    ["Effect"] = "Allow",
                    ["Principal"] = new JsonObject { ["AWS"] = role },
                    ["Action"] = "s3:GetObject",
                    ["Resource"] = $"arn:aws:s3:::{scene.Bucket}/*",
                });
        await aws.Platform.PutBucketPolicyAsync(scene.Bucket, policy.ToJsonString());
        aws.Admin.DeletePrincipal(role);
        told.Add("a statement of a deleted role");
    }

    private void Write(string plural, ObjectKey key, Action<JsonObject> change) =>
        scene.Server.Store.Write(scene.Resource(plural), $"{key.Namespace}/{key.Name}", stored =>
        {
            var copy = stored!.Object.DeepClone().AsObject();
            change(copy);
            return stored with { Object = copy };
        });

    private static string Short(string text) => text.Length <= 160 ? text : $"{text[..160]}... ({text.Length})";
}
