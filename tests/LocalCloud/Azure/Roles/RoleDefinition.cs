namespace LocalCloud.Azure.Roles;

/// <summary>What a role allows: actions on resources, and data actions in them.</summary>
internal sealed record RoleDefinition(string Id, string Name, string[] Actions, string[] DataActions)
{
    public string[] NotActions { get; init; } = [];

    public bool Allows(string action, bool isData) => isData
        ? DataActions.Any(pattern => Fits(pattern, action))
        : Actions.Any(pattern => Fits(pattern, action)) && !NotActions.Any(pattern => Fits(pattern, action));

    /// <summary>One pattern may hold stars; case doesn't count.</summary>
    private static bool Fits(string pattern, string action)
    {
        var parts = pattern.Split('*');
        if (parts.Length == 1)
        {
            return string.Equals(pattern, action, StringComparison.OrdinalIgnoreCase);
        }

        var at = parts[0].Length;
        if (!action.StartsWith(parts[0], StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        foreach (var part in parts.Skip(1).SkipLast(1))
        {
            var found = action.IndexOf(part, at, StringComparison.OrdinalIgnoreCase);
            if (found < 0)
            {
                return false;
            }

            at = found + part.Length;
        }

        return action.Length - at >= parts[^1].Length && action.EndsWith(parts[^1], StringComparison.OrdinalIgnoreCase);
    }
}
