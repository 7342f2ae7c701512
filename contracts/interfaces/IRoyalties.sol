// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Royalties
/// @notice One ledger of revenue for every asset, models and data sets alike, and for each payment token. What an asset
/// received only grows. Each of its parents (base model, data sets; at most eight) draws its share of that total, in
/// basis points; the remaining basis points belong to the asset's shares or, where it has none, to its owner. Whoever
/// is owed pulls.
/// @dev A payment writes one slot of the asset and one of each parent, however deep the lineage is: what a parent owes
/// to its own parents waits until somebody calls {distribute} for it. Shares of totals are taken, not of payments, each
/// rounded down: at any time less than nine units of a total belong to nobody yet, and they come with later payments. A lineage is written once, before its asset exists, over assets that do: it has no cycles.
/// Warning: a token that rebases or charges its holders endangers only the revenue in that token.
interface IRoyalties {
    /// @notice One asset that another comes from.
    /// @param asset id of a model or a data set
    /// @param version of the data set, counted from 1; 0: the parent is a model
    /// @param bps share of the child's revenue, in basis points
    struct Parent {
        uint256 asset;
        uint32 version;
        uint16 bps;
    }

    event Received(address indexed token, uint256 indexed asset, address indexed from, uint256 amount);
    /// @notice A parent's total grew by what it drew from a child's.
    event Drawn(address indexed token, uint256 indexed asset, uint256 indexed parent, uint256 amount);
    event Descended(uint256 indexed asset, uint256 indexed parent, uint32 version, uint16 bps);
    /// @notice From now on the asset's revenue belongs to these shares; what they earn while `issuer` holds them goes
    /// with them when it hands them out.
    event Shared(uint256 indexed asset, address indexed shares, address issuer);
    event Paid(address indexed token, uint256 indexed asset, address indexed account, uint256 amount);

    /// @notice Only a registry, or the asset's shares, may.
    error Royalties_Caller(address caller);
    /// @notice At most eight parents, and their shares at most the whole.
    error Royalties_Lineage(uint256 parents, uint256 bps);
    /// @notice No such model, or no such version of a data set.
    error Royalties_NoParent(uint256 parent, uint32 version);
    /// @notice The asset has shares: their holders claim there.
    error Royalties_HasShares(uint256 asset, address shares);
    /// @notice Nobody registered this asset.
    error Royalties_NoAsset(uint256 asset);
    /// @notice Nothing is owed.
    error Royalties_Nothing(address token, uint256 asset);
    /// @notice More than the asset has left of what it earned.
    error Royalties_TooMuch(address token, uint256 asset, uint256 amount);

    /// @notice Pays an asset: takes `amount` from the caller, credits what arrived, and lets the asset's parents draw.
    /// @param asset the revenue of an id that nobody has registered waits for whoever can register it
    /// @return received what arrived
    function deposit(address token, uint256 asset, uint256 amount) external returns (uint256 received);

    /// @notice Lets every parent of an asset draw what its children's payments left for it. For anyone.
    function distribute(address token, uint256 asset) external;

    /// @notice Pays an asset without shares: what is left of its revenue goes to its owner. For anyone.
    function collect(address token, uint256 asset) external;

    /// @notice Pays a holder of an asset's shares. For the asset's shares.
    function pay(address token, uint256 asset, address holder, uint256 amount) external;

    /// @notice Writes the lineage of an asset that is about to exist. For the registries.
    function descend(uint256 asset, Parent[] calldata parents) external;

    /// @notice Creates the shares of an asset, or issues more of them. For the registries.
    /// @param token first revenue token of new shares; zero: none yet
    /// @param issuer holds shares to hand them out, and earns nothing itself; zero: nobody does
    function share(
        uint256 asset,
        address token,
        address issuer,
        address[] calldata holders,
        uint256[] calldata amounts
    ) external returns (address shares);

    /// @notice All that an asset received: payments to it and what it drew from its children.
    function received(address token, uint256 asset) external view returns (uint256);

    /// @notice What is the asset's own of all that it received: what its parents do not draw. Never shrinks.
    function earned(address token, uint256 asset) external view returns (uint256);

    /// @notice What was paid out of {earned}.
    function paid(address token, uint256 asset) external view returns (uint256);

    /// @notice What {distribute} would move to the asset's parents.
    function undrawn(address token, uint256 asset) external view returns (uint256);

    /// @notice The asset's lineage, in the order in which it was written.
    function parentsOf(uint256 asset) external view returns (Parent[] memory);

    /// @notice The asset's shares, or zero.
    function sharesOf(uint256 asset) external view returns (address);

    /// @notice Who owns a model or a data set, and the token that it is priced in.
    function assetOf(uint256 asset) external view returns (address owner, address token);
}
