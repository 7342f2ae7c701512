// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IJobMarket} from "./IJobMarket.sol";
import {ITrainingRegistry} from "./ITrainingRegistry.sol";

/// @title Emissions
/// @notice What verified work draws from the emission reserve: at most the share rho of the MIEL that its own protocol fee
/// burned, to all its recipients together. They are the operator (or its pool, as with fees), the operator's delegators,
/// and the data sets that the model names as its parents. A share without a recipient stays in the reserve.
///
/// Two calls, by anyone: work is recorded once, after it was paid for good, and what it draws is claimed from the next
/// day on. A day's budget is that of the parameters when its first work is recorded; if all of a day ask for more, each
/// draws the same part of what it asked for. Rho and the shares are those of the epoch in which the work began.
/// @dev A day is block.timestamp / 86,400. Everything rounds down. What is promised to claims never exceeds what the
/// reserve holds, so no claim can come too late.
interface IEmissions {
    enum Kind {
        None,
        Job,
        Run
    }

    /// @notice Work that was recorded.
    /// @param asks most that it draws, in wei
    /// @param claimed bit 0: operator and delegators; bit 1 + i: the data set at place i
    /// @param asset a job's model, a run's data set
    struct Work {
        // slot 0
        address operator;
        uint96 asks;
        // slot 1
        uint32 day;
        uint16 epoch;
        uint16 claimed;
        Kind kind;
        // slot 2
        uint256 asset;
    }

    /// @notice A day: what its work asks for together, and the most that it draws, in wei.
    struct Day {
        // slot 0
        uint96 asked;
        uint96 budget;
        bool begun;
    }

    /// @notice Work was recorded, and draws from the next day on.
    event Recorded(bytes32 indexed work, address indexed operator, uint256 indexed day, uint256 burned, uint256 asks);
    /// @notice Work was paid what it drew, but for its data sets.
    event Claimed(bytes32 indexed work, address indexed payee, uint256 toOperator, uint256 toDelegators);
    /// @notice A data set was paid, into {IRoyalties}.
    event DataClaimed(bytes32 indexed work, uint256 indexed dataset, uint256 amount);

    /// @notice Only fees in MIEL burn.
    error Emissions_Token(address token);
    /// @notice Sealed jobs are not audited, and earn no emissions.
    error Emissions_Sealed(bytes32 jobId);
    /// @notice The job is not, or not yet, both final and paid.
    error Emissions_NotPaid(bytes32 jobId, IJobMarket.State state);
    /// @notice The work is recorded.
    error Emissions_Recorded(bytes32 work);
    /// @notice It draws nothing: it burned nothing that was not counted, or the rules give nothing.
    error Emissions_Nothing(bytes32 work);
    /// @notice Nobody recorded this work.
    error Emissions_Unknown(bytes32 work);
    /// @notice What the work draws is known when its day is over.
    error Emissions_DayOpen(uint256 day);
    /// @notice That was claimed.
    error Emissions_Claimed(bytes32 work, uint256 place);

    /// @notice Records a job that is final and paid, or unlocked. For anyone, once.
    /// @return id of the work: the job's
    /// @return asks most that it draws, in wei
    function recordJob(IJobMarket.Terms calldata terms) external returns (bytes32 id, uint256 asks);

    /// @notice Records what a run's escrow paid a trainer since this was last done. For anyone.
    /// @return id of the work: keccak256(abi.encode(runId, trainer, all that its fees burned so far))
    /// @return asks most that it draws, in wei
    function recordRun(
        ITrainingRegistry.Terms calldata terms,
        address trainer
    ) external returns (bytes32 id, uint256 asks);

    /// @notice Pays operator and delegators, once the day is over. For anyone; only they are paid.
    function claim(bytes32 work) external returns (uint256 toOperator, uint256 toDelegators);

    /// @notice Pays the data set at a place of the model's lineage (a run's: place 0) into {IRoyalties}, in proportion
    /// to what the data sets draw of the model's revenue. For anyone.
    function claimData(bytes32 work, uint256 place) external returns (uint256 amount);

    /// @notice What was recorded.
    function workOf(bytes32 work) external view returns (Work memory);

    /// @notice What a day's work asks for and draws together.
    function dayOf(uint256 day) external view returns (Day memory);

    /// @notice What the work draws if its day ends as it stands, to all its recipients together, in wei.
    function drawOf(bytes32 work) external view returns (uint256);

    /// @notice What of the reserve belongs to work that was recorded, in wei.
    function promised() external view returns (uint256);
}
