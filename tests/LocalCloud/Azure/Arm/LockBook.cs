using System.Collections.Concurrent;

namespace LocalCloud.Azure.Arm;

/// <summary>
/// Management locks: what is under one can't be changed, or can't be deleted. Role assignments on it are under it too
/// (https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources).
/// </summary>
internal sealed class LockBook
{
    private readonly ConcurrentDictionary<string, bool> locks = new(StringComparer.OrdinalIgnoreCase);

    /// <param name="scope">A group or a resource.</param>
    /// <param name="isReadOnly">ReadOnly, which takes changes and POSTs too; else CanNotDelete.</param>
    public void Add(string scope, bool isReadOnly) => locks[scope] = isReadOnly;

    public bool Remove(string scope) => locks.TryRemove(scope, out _);

    public void DemandUnlocked(ArmCall call)
    {
        if (call.Method == "GET")
        {
            return;
        }

        var path = "/" + string.Join('/', call.Parts);
        foreach (var (scope, isReadOnly) in locks)
        {
            var isUnder = path.StartsWith(scope, StringComparison.OrdinalIgnoreCase)
                && (path.Length == scope.Length || path[scope.Length] == '/');
            if (isUnder && (isReadOnly || call.Method == "DELETE"))
            {
                throw ArmProblems.Locked(path, call.Method == "DELETE" ? "delete" : "write", scope);
            }
        }
    }
}
