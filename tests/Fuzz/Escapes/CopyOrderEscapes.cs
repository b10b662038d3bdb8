using System.CommandLine;
using System.Text.RegularExpressions;
using Byok.Copying;
using ByokOperator;
using ByokOperator.Api;
using ByokOperator.Cluster;
using ByokOperator.Copies;
using Cloud.Aws;
using Cloud.Aws.Stores;
using Cloud.Keys;
using Cloud.Stores;
using Kube.Core;
using LocalCloud.Aws.Iam;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Primitives;
using Shouldly;
using Xunit;

namespace Fuzz.Escapes;

/// <summary>A tenant's prefix goes into a pod's command line and into the fence around its data: there it is that
/// prefix, and nobody else's.</summary>
public sealed partial class CopyOrderEscapes
{
    private const string Shared = "shared-backups";
    private const string Valid = "acme/";
    private const string Uid = "11111111-2222-3333-4444-555555555555";

    private static readonly CopyPodOptions pods = new() { Image = "byok" };

    [Fact]
    public async Task The_worker_understands_the_order_that_was_given_whatever_the_prefix_is()
    {
        var (given, refused) = (0, 0);
        CopyOptions? understood = null;
        var root = new RootCommand
        {
            CopyCommand.Create(
                order =>
                {
                    understood = order;
                    throw new OperationCanceledException("understood");
                },
                TimeProvider.System,
                NullLoggerFactory.Instance),
        };
        var orders = new List<CopyOptions>();
        Inputs.Each(share: 1, seed =>
        {
            if (PrefixOf(seed) is not { } prefix)
            {
                refused++;
                return;
            }

            given++;
            orders.Add(OrderFor(prefix));
        });
        (given > 0 && refused > 0).ShouldBeTrue($"{given} given, {refused} refused");
        foreach (var order in orders.DistinctBy(order => order.Prefix))
        {
            understood = null;
            string[] arguments = [.. CommandOf(order).Select(Expanded), "--shard", "0"];
            await root.Parse(arguments, CommandLine.Parsing)
                .InvokeAsync(
                    new InvocationConfiguration
                    {
                        EnableDefaultExceptionHandler = true,
                        Error = TextWriter.Null,
                        Output = TextWriter.Null,
                    });
            understood.ShouldBe(order, order.Prefix);
        }
    }

    [Fact]
    public void The_fence_is_around_that_prefix_and_around_no_neighbours()
    {
        Inputs.Each(share: 1, seed =>
        {
            if (PrefixOf(seed) is not { } prefix)
            {
                return;
            }

            var fence = StoreStatements.Fence(AwsPartition.Commercial, new SharedFence(Shared, prefix, Uid, "token"),
                ["arn:aws:iam::111111111111:role/byok-operator"]);
            var policy = PolicyDocument.Parse(
                new System.Text.Json.Nodes.JsonObject
                {
                    ["Version"] = "2012-10-17",
                    ["Statement"] = new System.Text.Json.Nodes.JsonArray(fence),
                }.ToJsonString());
            IsFenced(policy, prefix + "backup").ShouldBeTrue(prefix);
            IsFenced(policy, "neighbour/backup").ShouldBe(prefix == "neighbour/");
            IsFenced(policy, prefix[..^1]).ShouldBeFalse(prefix);
            for (var at = 0; at < prefix.Length - 1; at++)
            {
                IsFenced(policy, prefix[..at] + (prefix[at] == 'q' ? 'r' : 'q') + prefix[(at + 1)..] + "backup")
                    .ShouldBeFalse($"{prefix} at {at}");
            }
        });
    }

    private static bool IsFenced(PolicyDocument policy, string name) => policy.Judge(new Question
    {
        Action = "s3:PutObject", Resource = $"arn:aws:s3:::{Shared}/{name}",
    }) == PolicyEffect.Denies;

    /// <summary>Null: no store may name it.</summary>
    private static string? PrefixOf(int seed)
    {
        var prefix = new Hostile(new Random(seed)).Of(Valid);
        var store = new EncryptedStore
        {
            Metadata = new() { Name = "store", Namespace = "acme", Uid = Uid },
            Spec = new()
            {
                KeyRef = new() { Name = "key" },
                Aws = new() { Region = "eu-west-1" },
                Shared = new() { Aws = new() { Bucket = Shared, Prefix = prefix } },
            },
        };
        var wrong = StoreRules.Check(store);
        wrong.ShouldAllBe(one => one.Field == "spec.shared.aws.prefix" && one.Message.Length > 0);
        return wrong.Count > 0 || !IsText(prefix) ? null : prefix;
    }

    /// <summary>No API server keeps half a pair.</summary>
    private static bool IsText(string text) => text.EnumerateRunes().All(rune => rune.Value != 0xFFFD);

    private static CopyOptions OrderFor(string prefix) => new()
    {
        Source = new StoreRef("eu-west-1", Shared),
        Prefix = prefix,
        Target = new StoreRef("eu-west-1", "byok-0123456789ab-0123456789ab-1"),
        Key = new KeyRef("eu-west-1", "arn:aws:kms:eu-west-1:222222222222:key/1234abcd-12ab-34cd-56ef-1234567890ab"),
        Fingerprint = "0123abcd",
    };

    private static IReadOnlyList<string> CommandOf(CopyOptions order)
    {
        var job = CopyJob.For(
            new CopyOrderForJob(new ObjectKey("acme", "store"), Uid, order.Fingerprint, 1, 1,
                order.ToArguments()) { Cloud = order.Target.Cloud }, pods, "byok-system", indexed: true).Single();
        return job.Spec!.Template!.Spec!.Containers!.Single().Args!;
    }

    /// <summary>As a kubelet does with each argument: names of variables are replaced,
    /// twice the sign is the sign.</summary>
    private static string Expanded(string argument) =>
        Reference().Replace(argument, found => found.Value == "$$" ? "$" : $"the value of {found.Groups[1].Value}");

    [GeneratedRegex(@"\$\$|\$\(([^)]*)\)")]
    private static partial Regex Reference();

    private sealed class Question()
        : PolicyQuestion(Principal.Of("arn:aws:iam::111111111111:role/acme-data", "session", "SEED"))
    {
        protected override StringValues FindSpecific(string key) => StringValues.Empty;
    }
}
