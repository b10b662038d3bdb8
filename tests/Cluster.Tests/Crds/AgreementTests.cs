using System.Text.Json;
using System.Text.Json.Nodes;
using ByokOperator.Api;
using Shouldly;
using Xunit;

namespace Cluster.Tests.Crds;

/// <summary>
/// The same manifest, put together at random from good and tricky values, is accepted by the server exactly if the
/// controller's own rules accept it. Nothing is stored: the server is asked by dry run.
/// </summary>
[Trait("Server", "crdserver")]
public sealed class AgreementTests(CrdServer server) : IClassFixture<CrdServer>
{
    private const int Tries = 400;

    private static readonly string[] Durations = ["30s", "1s", "999ms", "1h", "61m", "168h", "168h1s", "15m", "0s",
        "1.5m", "90", "1d", "", "8760h", "8761h", "10000000h"];

    private static readonly string[] Regions = ["eu-west-1", "us-gov-west-1", "cn-north-1", "eusc-de-east-1",
        "us-iso-east-1", "eu-west", "EU-WEST-1", "ap-southeast-12"];

    private static readonly string[] Partitions = ["aws", "aws", "aws-us-gov", "aws-cn", "aws-eusc", "aws-iso", "AWS"];

    private static readonly string[] KeyPaths = ["key/1234abcd-12ab-34cd-56ef-1234567890ab",
        "key/mrk-1234abcd12ab34cd56ef1234567890ab", "alias/acme", "key/", "key/a b", "key/ünicode"];

    private static readonly string[] Prefixes =
    [
        "acme/", "acme", "", "/", "/acme/", ".byok/", ".byok", "x/.byok/", "a/../b/", "../", "a/./b/", "a..b/", "a*/",
        "a?/", "$/", "a\"/", "a\\/", "a\u007f/",
        "ä ö/", "a//b/", "日本/", "\u0085/", "a\u0000b/", "[x]/", "emoji😀/",
    ];

    private static readonly string[] Buckets = ["acme-one", "platform-backups", "Acme", "a.b", "ab", "-ab", "ab-",
        "xn--ab", "ab-s3alias", "192.168.0.1", "a_b", "", "a--b", "sthree-x", "ünicode"];

    [Fact]
    public async Task Server_and_controller_agree_about_keys()
    {
        CrdServer.SkipWithoutServer();
        await AgreeAsync(RandomKey,
            manifest => KeyRules.Check(manifest.Deserialize(ApiJson.Default.TenantEncryptionKey)!));
    }

    [Fact]
    public async Task Server_and_controller_agree_about_stores()
    {
        CrdServer.SkipWithoutServer();
        await AgreeAsync(RandomStore,
            manifest => StoreRules.Check(manifest.Deserialize(ApiJson.Default.EncryptedStore)!));
    }

    private async Task AgreeAsync(Func<Random, JsonObject> random, Func<JsonObject, IReadOnlyList<Violation>> check)
    {
        var accepted = 0;
        for (var seed = 0; seed < Tries; seed++)
        {
            var manifest = random(new Random(seed));
            var violations = check(manifest);
            var answer = await server.ApplyAsync(CrdServer.PathOf(manifest, "agreement"), Text(manifest), dryRun: true);
            answer.IsSuccess.ShouldBe(violations.Count == 0,
                $"seed {seed}: {manifest.ToJsonString()}\nserver: {answer.Text}\ncontroller: "
                    + $"{string.Join("; ", violations)}");
            accepted += answer.IsSuccess ? 1 : 0;
        }

        accepted.ShouldBeInRange(Tries / 20, Tries * 19 / 20,
            "a generator that makes only good or only bad manifests tests nothing");
    }

    /// <summary>YAML knows no surrogate pairs: what JSON writes as two escapes has to stand there as it is.</summary>
    private static string Text(JsonObject manifest) =>
        manifest.ToJsonString().Replace("\\uD83D\\uDE00", "😀", StringComparison.Ordinal);

    private static JsonObject RandomKey(Random random)
    {
        var region = Pick(random, Regions);
        var arn =
            $"arn:{Pick(random, Partitions)}:kms:{Rarely(random, "eu-west-1", region)}:{Rarely(random, "1111", "111122223333")}:{Pick(random, KeyPaths)}";
        var spec = new JsonObject
        {
            ["state"] = Pick(random, ["Active", "Standby", "Revoked", "Revoked", "Archived", "Retired"]),
            ["revocation"] =
                new JsonObject { ["confirm"] = Pick(random, ["", "revoke", "revoke", "Revoke", " revoke"]) },
            ["awsKms"] =
                new JsonObject { ["keys"] = new JsonArray(new JsonObject { ["region"] = region, ["arn"] = arn }) },
        };
        if (random.Next(3) == 0)
        {
            spec["imported"] = RandomImport(random);
            if (random.Next(4) > 0)
            {
                spec.Remove("awsKms");
            }
        }

        Sometimes(random, spec["revocation"]!.AsObject(), "probeInterval", Durations);
        Sometimes(random, spec["revocation"]!.AsObject(), "maxStaleness", Durations);
        return Manifest("TenantEncryptionKey", Mostly(random, spec));
    }

    private static JsonObject RandomImport(Random random)
    {
        var regions = Enumerable.Range(0, random.Next(4)).Select(_ => (JsonNode?)Pick(random, Regions)).ToArray();
        var imported = new JsonObject { ["aws"] = new JsonObject { ["regions"] = new JsonArray(regions) } };
        Sometimes(random, imported, "wrapping", ["Platform", "ImportRequest", "platform", ""]);
        if (random.Next(3) == 0)
        {
            imported["wrappedKeyFrom"] = new JsonObject { ["secretName"] = Pick(random, ["acme-key", "", "a"]) };
        }

        return imported;
    }

    private static JsonObject RandomStore(Random random)
    {
        var aws = new JsonObject { ["region"] = Rarely(random, Pick(random, Regions), "eu-west-1") };
        Sometimes(random, aws, "bucketName", Buckets);
        Sometimes(random, aws, "bucketKey", ["On", "Off", "on"]);
        var spec = new JsonObject
        {
            ["keyRef"] = new JsonObject
            {
                ["name"] = Rarely(random, Pick(random, ["other/acme", "Acme", "", "a.b", "-a", "a b"]), "acme-2026"),
            },
            ["aws"] = aws,
            ["shared"] = new JsonObject
            {
                ["aws"] = new JsonObject
                {
                    ["bucket"] = Rarely(random, Pick(random, Buckets), "platform-backups"),
                    ["prefix"] = Pick(random, Prefixes),
                },
            },
            ["migration"] = new JsonObject(),
            ["report"] = new JsonObject(),
        };
        Sometimes(random, spec["migration"]!.AsObject(), "keepSourceFor", Durations);
        Sometimes(random, spec["migration"]!.AsObject(), "fenceTimeout", ["1h", "10s", "9s", "24h", "25h", "1d"]);
        Sometimes(random, spec["report"]!.AsObject(), "interval", ["24h", "1m", "59s", "8760h", "8761h"]);
        if (random.Next(4) == 0)
        {
            spec["workloads"] = new JsonObject
            {
                ["selector"] =
                    new JsonObject { ["matchLabels"] = random.Next(3) == 0 ? [] : new JsonObject { ["app"] = "acme" } },
            };
        }

        return Manifest("EncryptedStore", Mostly(random, spec));
    }

    private static JsonObject Manifest(string kind, JsonObject spec) => new()
    {
        ["apiVersion"] = "byok.dev/v1alpha1", ["kind"] = kind,
        ["metadata"] = new JsonObject { ["name"] = "random", ["namespace"] = "agreement" }, ["spec"] = spec,
    };

    /// <summary>Now and then a whole part is missing.</summary>
    private static JsonObject Mostly(Random random, JsonObject spec)
    {
        if (random.Next(8) == 0)
        {
            spec.Remove(spec.ElementAt(random.Next(spec.Count)).Key);
        }

        return spec;
    }

    private static void Sometimes(Random random, JsonObject part, string field, string[] values)
    {
        if (random.Next(3) == 0)
        {
            part[field] = Pick(random, values);
        }
    }

    private static string Rarely(Random random, string seldom, string usual) => random.Next(6) == 0 ? seldom : usual;

    private static string Pick(Random random, string[] values) =>
        random.Next(2) == 0 ? values[0] : values[random.Next(values.Length)];
}
