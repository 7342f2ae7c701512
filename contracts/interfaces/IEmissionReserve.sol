// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title EmissionReserve
/// @notice Holds the MIEL that verified work will earn. It has no votes, and what it holds does not count for a quorum.
interface IEmissionReserve {
    /// @notice MIEL left the reserve.
    event Emitted(address indexed to, uint256 amount);

    /// @notice Only `allowed` may do this.
    error EmissionReserve_Caller(address caller, address allowed);
    /// @notice The reserve holds less.
    error EmissionReserve_Insufficient(uint256 available, uint256 asked);

    /// @notice Pays from the reserve, in wei. For the emissions contract alone, which bounds what an epoch gives.
    function emitTo(address to, uint256 amount) external;

    /// @notice What of its allotment the reserve still holds, in wei; gifts are not counted.
    function remaining() external view returns (uint256);

    /// @notice What of its allotment it held at a past second.
    function pastRemaining(uint256 timepoint) external view returns (uint256);
}
