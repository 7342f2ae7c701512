// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title FeeBurn
/// @notice The part of protocol fees in MIEL that is burned, where they are paid. It waits here for anybody's call, and has
/// no other way out: what work was credited for is burned or will be.
interface IFeeBurn {
    event FeesBurned(uint256 amount);

    /// @notice There is nothing to burn.
    error FeeBurn_Nothing();

    /// @notice Burns what waits. For anyone.
    function burnFees() external;

    /// @notice What of the fees so far waits to be burned, in wei of MIEL.
    function feesToBurn() external view returns (uint256);
}
