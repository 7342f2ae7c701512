// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Launchpad
/// @notice Creates the contracts of one deployment, in order, at addresses that are known before: the n-th that it
/// creates stands where its own nonce n says. So contracts can name each other in their constructors, in cycles, and need
/// no setter and nobody who is in charge meanwhile.
/// @dev Whoever created it launches, and nobody's transaction in between moves an address. A launch that was sent twice
/// or failed leaves the next one as it was. What it created knows nothing of it.
interface ILaunchpad {
    /// @notice The contract of this index stands here now.
    event Launched(uint256 indexed index, address created);

    /// @notice Only who created the launchpad launches.
    error Launchpad_Caller(address caller, address launcher);
    /// @notice Another index is next.
    error Launchpad_Index(uint256 index, uint256 next);

    /// @notice Creates a contract from its creation code; reverts with what its constructor reverts with.
    function launch(uint256 index, bytes calldata code) external;

    /// @notice How many have been launched: the index of the next.
    function launched() external view returns (uint256);
}
