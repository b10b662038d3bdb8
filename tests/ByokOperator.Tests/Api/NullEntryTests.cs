using System.Buffers;
using System.Text;
using System.Text.Json.Nodes;
using ByokOperator.Api;
using Kube.Core;
using Shouldly;
using Xunit;

namespace ByokOperator.Tests.Api;

/// <summary>No server of ours lets a null into a list; one that did must cost
/// the object that has it and nothing else.</summary>
public sealed class NullEntryTests
{
    public static TheoryData<string> Good =>
        [.. Directory.EnumerateFiles(Repository.PathTo("tests", "ByokOperator.Tests", "Api", "good"), "*.yaml")
            .Select(path => Path.GetFileName(path)).Order()];

    [Theory]
    [MemberData(nameof(Good))]
    public void A_null_in_any_list_or_map_of_a_spec_is_told_and_read_as_nothing(string file)
    {
        var whole = Yaml.Parse(
            File.ReadAllText(Repository.PathTo("tests", "ByokOperator.Tests", "Api", "good", file)))[0].AsObject();
        foreach (var path in Holders(whole["spec"], "spec").ToList())
        {
            var spoilt = whole.DeepClone().AsObject();
            Spoil(At(spoilt, path));
            Unreadable((string)spoilt["kind"]!, spoilt).ShouldContain("null", Case.Sensitive, path);
        }
    }

    private static string Unreadable(string kind, JsonObject item) => kind switch
    {
        "Tenant" => Unreadable<Tenant>(item),
        "TenantEncryptionKey" => Unreadable<TenantEncryptionKey>(item),
        _ => Unreadable<EncryptedStore>(item),
    };

    private static string Unreadable<T>(JsonObject item)
        where T : class, IResource<T>
    {
        var page = KubeList.Parse<T>(
            new ReadOnlySequence<byte>(
                Encoding.UTF8.GetBytes(
                    new JsonObject
                    {
                        ["metadata"] = new JsonObject(),
                        ["items"] = new JsonArray(item),
                    }.ToJsonString())));
        return page.Unreadable.Count == 1 ? page.Unreadable[0].Reason : "it was read";
    }

    private static void Spoil(JsonNode holder)
    {
        if (holder is JsonArray list)
        {
            list[^1] = null;
        }
        else
        {
            holder[holder.AsObject().First().Key] = null;
        }
    }

    /// <summary>Lists, and the one map that a spec has, each by its path.</summary>
    private static IEnumerable<string> Holders(JsonNode? node, string path) => node switch
    {
        JsonArray list =>
            [.. list.Count > 0 ? (string[])[path]
                : [], .. list.SelectMany((item, index) => Holders(item, $"{path}/{index}"))],
        JsonObject fields =>
            [.. path.EndsWith("matchLabels", StringComparison.Ordinal) ? (string[])[path]
                : [], .. fields.SelectMany(field => Holders(field.Value, $"{path}/{field.Key}"))],
        _ => [],
    };

    private static JsonNode At(JsonNode root, string path) =>
        path.Split('/')
            .Aggregate(root,
                (node, step) =>
                    node is JsonArray list ? list[int.Parse(step, System.Globalization.CultureInfo.InvariantCulture)]!
                        : node[step]!);
}
