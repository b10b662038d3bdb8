namespace LocalCloud.Aws;

/// <summary>The six parts of an Amazon Resource Name; only their places, no judgement.</summary>
internal readonly record struct Arn(string Partition, string Service, string Region, string Account, string Resource)
{
    private const int Parts = 6;

    public static bool TryParse(string text, out Arn arn)
    {
        var parts = text.Split(':', Parts);
        if (parts.Length != Parts || parts[0] != "arn")
        {
            arn = default;
            return false;
        }

        arn = new Arn(parts[1], parts[2], parts[3], parts[4], parts[5]);
        return true;
    }

    public override string ToString() => $"arn:{Partition}:{Service}:{Region}:{Account}:{Resource}";
}
