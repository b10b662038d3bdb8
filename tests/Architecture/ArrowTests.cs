using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Shouldly;
using Xunit;

namespace Architecture;

/// <summary>Who may know whom: Core ← Client ← Runtime; Cloud alone; Api and Reconciling → Core;
/// worlds and ladders pure.</summary>
public sealed partial class ArrowTests
{
    private static readonly string[] Impure =
    [
        "Task", "ValueTask", "HttpClient", "Socket", "TimeProvider", "Thread", "Timer", "Stopwatch", "Random", "Guid",
        "File", "Environment",
    ];

    private static readonly string[] Clocks = ["DateTime.Now", "DateTime.UtcNow", "DateTime.Today",
        "DateTimeOffset.Now", "DateTimeOffset.UtcNow", "Environment.TickCount", "Environment.TickCount64",
        "Stopwatch.StartNew", "Stopwatch.GetTimestamp", "Thread.Sleep"];

    [Theory]
    [InlineData("Kube/Core", "Kube.Client Kube.Runtime Microsoft System.Net.Sockets System.Threading")]
    [InlineData("Kube/Client", "Kube.Runtime")]
    [InlineData("Kube", "Cloud ByokOperator Amazon Azure")]
    [InlineData("Cloud", "Kube ByokOperator k8s Amazon Azure Cloud.Aws Cloud.Azure")]
    [InlineData("Cloud.Aws", "Kube ByokOperator k8s Azure Cloud.Azure")]
    [InlineData("Cloud.Azure", "Kube ByokOperator k8s Amazon Cloud.Aws")]
    [InlineData("ByokOperator", "Amazon Azure")]
    [InlineData("ByokOperator/Api",
        "Kube.Client Kube.Runtime Cloud ByokOperator.Reconciling ByokOperator.Keys ByokOperator.Stores "
            + "ByokOperator.Migrations")]
    [InlineData("ByokOperator/Reconciling",
        "Cloud ByokOperator.Keys ByokOperator.Stores ByokOperator.Migrations ByokOperator.Hosting")]
    [InlineData("ByokOperator/Entitlements",
        "Kube.Client Kube.Runtime Cloud.Aws Cloud.Azure ByokOperator.Cluster ByokOperator.Tenants Byok.Copying")]
    [InlineData("ByokOperator/Cluster",
        "ByokOperator.Keys ByokOperator.Stores ByokOperator.Migrations ByokOperator.Hosting ByokOperator.Commands "
            + "ByokOperator.Tenants ByokOperator.Notifications System.CommandLine Microsoft.AspNetCore")]
    [InlineData("ByokOperator/Hosting", "ByokOperator.Commands System.CommandLine")]
    [InlineData("ByokOperator/Keys", "ByokOperator.Places ByokOperator.Stores ByokOperator.Migrations")]
    [InlineData("ByokOperator/Places",
        "ByokOperator.Stores ByokOperator.Migrations ByokOperator.Returning ByokOperator.NextBuckets "
            + "ByokOperator.Reencrypting ByokOperator.Hosting")]
    [InlineData("ByokOperator/Copies", "ByokOperator.Keys ByokOperator.Places ByokOperator.Stores")]
    [InlineData("ByokOperator/Migrations",
        "ByokOperator.Stores ByokOperator.Returning ByokOperator.NextBuckets ByokOperator.Reencrypting")]
    [InlineData("ByokOperator/Returning", "ByokOperator.Stores ByokOperator.Hosting")]
    [InlineData("ByokOperator/NextBuckets", "ByokOperator.Stores ByokOperator.Hosting")]
    [InlineData("ByokOperator/Reencrypting", "ByokOperator.Stores ByokOperator.Migrations ByokOperator.Hosting")]
    [InlineData("ByokOperator/Stores", "ByokOperator.Hosting ByokOperator.Commands")]
    [InlineData("ByokOperator/Records",
        "Cloud.Aws Cloud.Azure ByokOperator.Keys ByokOperator.Stores ByokOperator.Migrations Byok.Import "
            + "ByokOperator.Notifications Byok.Copying ByokOperator.Reports ByokOperator.Keygen")]
    [InlineData("ByokOperator/Reports", "Kube.Client Kube.Runtime Cloud.Aws Cloud.Azure ByokOperator.Hosting")]
    [InlineData("Byok.Copying", "Kube k8s Cloud.Aws Cloud.Azure Amazon Azure ByokOperator Byok.Material")]
    [InlineData("Byok.Import", "Cloud Amazon Azure ByokOperator Byok.Copying")]
    [InlineData("Byok.Material",
        "Kube Cloud Microsoft System.CommandLine System.Net System.IO System.Threading ByokOperator")]
    [InlineData("ByokOperator/Keygen",
        "Kube Cloud ByokOperator.Api ByokOperator.Reconciling ByokOperator.Keys ByokOperator.Stores "
            + "ByokOperator.Migrations")]
    public void An_arrow_points_one_way(string folder, string forbidden) =>
        Uses(SourceTree.In(folder), forbidden).ShouldBeEmpty();

    [Fact]
    public void Only_the_host_and_the_command_lines_know_which_clouds_there_are() =>
        Uses(
            SourceTree.In("ByokOperator").Where(file =>
                file.Folder is not ("operator/ByokOperator/Hosting" or "operator/ByokOperator/Commands")),
            "Cloud.Aws Cloud.Azure").ShouldBeEmpty();

    [Fact]
    public void Kube_names_no_key_no_store_and_no_cloud() =>
        SourceTree.In("Kube")
            .SelectMany(file => ForeignWord().Matches(file.Text).Select(found => $"{file.Path} says {found.Value}"))
            .Distinct().ShouldBeEmpty();

    [Fact]
    public void Cloud_names_no_Kubernetes() =>
        SourceTree.In("Cloud").Concat(SourceTree.In("Cloud.Aws")).Concat(SourceTree.In("Cloud.Azure"))
            .SelectMany(file => KubernetesWord().Matches(file.Text).Select(found => $"{file.Path} says {found.Value}"))
            .Distinct().ShouldBeEmpty();

    [Fact]
    public void Core_worlds_ladders_rules_and_acts_are_pure() =>
        PureFiles.SelectMany(file => file.Identifiers.Intersect(Impure).Select(word => $"{file.Path} mentions {word}")
                .Concat(file.All<AwaitExpressionSyntax>().Select(wait => $"{file.At(wait)} awaits")))
            .ShouldBeEmpty();

    [Fact]
    public void Nobody_asks_the_wall_clock() =>
        SourceTree.Operator.SelectMany(file => file.All<MemberAccessExpressionSyntax>()
                .Where(access => Clocks.Contains(access.ToString()))
                .Select(access => $"{file.At(access)} {access}"))
            .ShouldBeEmpty();

    [Fact]
    public void There_are_pure_files_to_look_at() => PureFiles.Count().ShouldBeGreaterThan(10);

    private static IEnumerable<SourceFile> PureFiles =>
        SourceTree.In("Kube/Core").Concat(SourceTree.Product.Where(file => PureName().IsMatch(file.Name)))
            .Concat(SourceTree.In("ByokOperator/Reports")).Concat(SourceTree.In("Byok.Material"));

    private static IEnumerable<string> Uses(IEnumerable<SourceFile> files, string forbidden)
    {
        var names = forbidden.Split(' ');
        return files
            .SelectMany(file =>
                Arrows.NamespacesIn(file)
                    .Where(used =>
                        names.Any(name => used == name || used.StartsWith(name + ".", StringComparison.Ordinal)))
                    .Select(used => $"{file.Path} uses {used}"))
            .Distinct();
    }

    [GeneratedRegex(
        @"(World|Ladder|Ladders|Rules|Conflicts|Authority|Grant|Claim|Ruling|Act|Acts\.Records|Verdict|Receipt|Fact|Finding|Step|Rung|RungReport)\.cs$")]
    private static partial Regex PureName();

    [GeneratedRegex(@"\b(?i:byok|aws|kms|azure|tenant\w*|encrypt\w*|EncryptedStore|BucketName|vault)\b")]
    private static partial Regex ForeignWord();

    [GeneratedRegex(@"\b(?i:kubernetes|kubectl|configmap|custom resource|TenantEncryptionKey|EncryptedStore)\b")]
    private static partial Regex KubernetesWord();
}
