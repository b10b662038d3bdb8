using ByokOperator.Hosting;

using var means = new OnDemand();
return await Boundary.RunAsync(Commands.Root(means), args, Console.Error);
