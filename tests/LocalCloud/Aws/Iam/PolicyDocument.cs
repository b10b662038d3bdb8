using System.Collections.Concurrent;
using System.Text.Json;

namespace LocalCloud.Aws.Iam;

/// <summary>A policy, read once when it is put and asked on every request.</summary>
internal sealed class PolicyDocument
{
    private readonly PolicyStatement[] statements;
    private readonly ConcurrentDictionary<string, bool> allowed = new(StringComparer.OrdinalIgnoreCase);

    private PolicyDocument(string text, PolicyStatement[] statements)
    {
        Text = text;
        this.statements = statements;
    }

    public string Text { get; }

    public IReadOnlyList<PolicyStatement> Statements => statements;

    /// <summary>Every action that it allowed since it was put.</summary>
    public IReadOnlyList<string> Allowed => [.. allowed.Keys.Order(StringComparer.Ordinal)];

    /// <exception cref="FormatException">Not a policy, or one that uses what is not modelled.</exception>
    public static PolicyDocument Parse(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            if (json.RootElement.ValueKind != JsonValueKind.Object
                || !json.RootElement.TryGetProperty("Statement", out var list))
            {
                throw new FormatException("Missing required field Statement");
            }

            var statements = list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray().Select(ReadStatement)]
                : new[] { ReadStatement(list) };
            return new PolicyDocument(text, statements);
        }
        catch (JsonException wrong)
        {
            throw new FormatException("Policies must be valid JSON and the first byte must be '{'", wrong);
        }
    }

    public PolicyEffect Judge(PolicyQuestion question)
    {
        var best = PolicyEffect.Silent;
        foreach (var statement in statements)
        {
            var says = statement.Judge(question);
            best = says > best ? says : best;
            if (best == PolicyEffect.Denies)
            {
                break;
            }
        }

        if (best is PolicyEffect.Allows)
        {
            allowed.TryAdd(question.Action, true);
        }

        return best;
    }

    private static PolicyStatement ReadStatement(JsonElement json)
    {
        var effect = json.TryGetProperty("Effect", out var said) ? said.GetString() : null;
        if (effect is not ("Allow" or "Deny"))
        {
            throw new FormatException($"Invalid effect: {effect}");
        }

        return new PolicyStatement(
            effect == "Deny",
            ReadPrincipals(json),
            ReadPatterns(json, "Action", ignoreCase: true),
            ReadPatterns(json, "Resource", ignoreCase: false),
            json.TryGetProperty("Condition", out var conditions) ? ReadConditions(conditions) : []);
    }

    private static PolicyPrincipals? ReadPrincipals(JsonElement json)
    {
        var inverted = json.TryGetProperty("NotPrincipal", out var principal);
        if (!inverted && !json.TryGetProperty("Principal", out principal))
        {
            return null;
        }

        if (principal.ValueKind == JsonValueKind.String)
        {
            return new PolicyPrincipals([principal.GetString()!], inverted);
        }

        return new PolicyPrincipals([.. principal.EnumerateObject().SelectMany(one => Strings(one.Value))], inverted);
    }

    private static PolicyPatterns ReadPatterns(JsonElement json, string name, bool ignoreCase)
    {
        if (json.TryGetProperty("Not" + name, out var inverted))
        {
            return new PolicyPatterns(Strings(inverted), true, ignoreCase);
        }

        // A statement without Action or Resource is accepted and has no effect, as KMS documents it.
        return new PolicyPatterns(json.TryGetProperty(name, out var patterns) ? Strings(patterns)
            : [], false, ignoreCase);
    }

    private static List<PolicyCondition> ReadConditions(JsonElement json) =>
        [.. json.EnumerateObject()
            .SelectMany(op =>
                op.Value.EnumerateObject()
                    .Select(key => PolicyCondition.Parse(op.Name, key.Name, Strings(key.Value))))];

    private static List<string> Strings(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Array => [.. json.EnumerateArray().Select(Scalar)],
        _ => [Scalar(json)],
    };

    private static string Scalar(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => json.GetString()!,
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Number => json.GetRawText(),
        _ => throw new FormatException("Syntax errors in policy."),
    };
}
