// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IParameters} from "./IParameters.sol";

/// @title ProtocolParameters
/// @notice The numbers of {IParameters} as governance sets them: each within hard bounds, at most doubled or halved by
/// one change, one change a day. A change begins a new epoch; what an epoch answered it answers for ever, so nothing
/// that is pending is settled by other rules than those it began with.
/// @dev A parameter's key is its name, `jobRules.freeExit`, as a short string in a bytes32. Bounds and first values are
/// constants of the code, listed in `docs/parameters.md`.
/// Warning: the guardian can hold new jobs and runs back, and nothing else: withdrawals, challenges, payouts and votes
/// go on. A pause ends by itself.
interface IProtocolParameters is IParameters {
    /// @notice One parameter: its value now and what a change may make of it.
    struct Parameter {
        bytes32 key;
        uint256 value;
        uint256 least;
        uint256 most;
        uint256 initial;
    }

    /// @notice A new epoch began with this value of this parameter; those not named stay.
    event Changed(uint16 indexed epoch, bytes32 indexed key, uint256 before, uint256 value);
    /// @notice New jobs and runs are held back until then.
    event Paused(address indexed guardian, uint256 until);
    /// @notice New jobs and runs may begin again, before the pause ended by itself.
    event Unpaused();
    /// @notice Who may pause from now on; zero: nobody.
    event GuardianSet(address indexed guardian);

    /// @notice Only `allowed` may do this.
    error Parameters_Caller(address caller, address allowed);
    /// @notice There is no parameter of this name.
    error Parameters_Unknown(bytes32 key);
    /// @notice The value is outside the hard bounds.
    error Parameters_Bounds(bytes32 key, uint256 value, uint256 least, uint256 most);
    /// @notice One change makes at most twice and at least half of a value (from 0: at most a sixteenth of its bound).
    error Parameters_Step(bytes32 key, uint256 value, uint256 least, uint256 most);
    /// @notice The last change was less than a day ago.
    error Parameters_TooSoon(uint256 until);
    /// @notice A change names at least one parameter, with one value for each.
    error Parameters_Length(uint256 keys, uint256 values);
    /// @notice A pause lasts at most 7 days, and as long as it lasted nobody may pause again.
    error Parameters_Pause(uint256 seconds_, uint256 allowedFrom);
    /// @notice Nothing is paused.
    error Parameters_NotPaused();

    /// @notice Begins a new epoch in which these parameters have these values. For the timelock.
    function change(bytes32[] calldata keys, uint256[] calldata values) external;

    /// @notice Holds new jobs and runs back for at most 7 days. For the guardian, and not again for as long as the last
    /// pause was after its end.
    function pause(uint32 seconds_) external;

    /// @notice Ends a pause early. For the guardian, and the timelock.
    function unpause() external;

    /// @notice Names another guardian, or none. For the timelock.
    function setGuardian(address guardian) external;

    /// @notice Who may hold new jobs and runs back.
    function guardian() external view returns (address);

    /// @notice Until when new jobs and runs are held back, in seconds; in the past: they are not.
    function pausedUntil() external view returns (uint40);

    /// @notice From when on the next change is possible, in seconds.
    function nextChange() external view returns (uint40);

    /// @notice How many parameters there are.
    function count() external view returns (uint256);

    /// @notice A parameter by its position in the table.
    function parameter(uint256 index) external view returns (Parameter memory);

    /// @notice A parameter by its name.
    function parameterOf(bytes32 key) external view returns (Parameter memory);
}
