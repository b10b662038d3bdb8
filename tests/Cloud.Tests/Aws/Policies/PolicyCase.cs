using System.Text.Json.Nodes;

namespace Cloud.Tests.Aws.Policies;

/// <summary>One request under one policy of ours, and what has to become of it.</summary>
/// <param name="Name">A sentence.</param>
/// <param name="Policy">The policy of the key or of the bucket, as the operator writes it.</param>
/// <param name="Caller">The ARN of a role; its own permissions allow everything.</param>
/// <param name="Resource">The ARN of the key, the bucket or the object.</param>
/// <param name="Account">Whose resource it is.</param>
/// <param name="Context">Condition keys of the request, each with one value or, separated by spaces, several.</param>
public sealed record PolicyCase(
    string Name, string Policy, string Caller, string Action, string Resource, string Account, string Context,
    bool IsAllowed)
{
    public override string ToString() => Name;

    public IReadOnlyDictionary<string, string[]> Values { get; } =
        Context.Split(';', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('='))
            .ToDictionary(pair => pair[0], pair => pair[1].Split(' '), StringComparer.OrdinalIgnoreCase);

    /// <summary>As <c>@cloud-copilot/iam-simulate</c> takes it.</summary>
    public JsonObject Simulation()
    {
        var role = Caller.Split(':', 6);
        var context = new JsonObject { ["aws:PrincipalArn"] = Caller };
        foreach (var (key, values) in Values)
        {
            context[key] = values.Length == 1 ? values[0] : new JsonArray([.. values.Select(value => (JsonNode)value)]);
        }

        return new()
        {
            ["identityPolicies"] = new JsonArray(new JsonObject { ["name"] = "own", ["policy"] = Own() }),
            ["serviceControlPolicies"] = new JsonArray(),
            ["resourceControlPolicies"] = new JsonArray(),
            ["resourcePolicy"] = JsonNode.Parse(Policy),
            ["request"] = new JsonObject
            {
                ["principal"] = $"arn:aws:sts::{role[4]}:assumed-role/{role[5]["role/".Length..]}/session",
                ["action"] = Action,
                ["resource"] = new JsonObject { ["resource"] = Resource, ["accountId"] = Account },
                ["contextVariables"] = context,
            },
        };
    }

    /// <summary>Everything, so that the resource's policy decides.</summary>
    public static JsonObject Own() => JsonNode.Parse(
        """{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["kms:*", "s3:*"], "Resource": ["*"]}]}""")!.AsObject();
}
