namespace Kube.Core;

public static class Conditions
{
    public static Condition? Find(IEnumerable<Condition> conditions, string type) =>
        conditions.FirstOrDefault(condition => condition.Type == type);
}
