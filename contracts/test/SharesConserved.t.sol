// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {DatasetRegistry} from "../assets/DatasetRegistry.sol";
import {ModelRegistry} from "../assets/ModelRegistry.sol";
import {Royalties} from "../assets/Royalties.sol";
import {Shares} from "../assets/Shares.sol";
import {IRoyalties} from "../interfaces/IRoyalties.sol";
import {Assets__Harness} from "./Assets__Harness.sol";
import {TestBase} from "./TestBase.sol";
import {Token__Mock} from "./Token__Mock.sol";

/// @notice A trained model whose shares are handed out bit by bit, on a data set whose shares are diluted bit by bit, on
/// a base model with an owner; paid, moved and claimed in any order.
contract SharesHandler is TestBase {
    uint256 public constant MODEL = 0;
    uint256 public constant DATASET = 1;

    Token__Mock[2] public tokens;
    Royalties public immutable royalties;
    DatasetRegistry public immutable datasets;
    ModelRegistry public immutable models;
    uint256 public immutable base;
    uint256[2] public assets;
    Shares[2] public shares;
    address[] public holders = [address(0xA1), address(0xA2), address(0xA3), address(0xA4)];
    uint256[2] public deposited;
    uint32 private _rows = 1;

    constructor() {
        Assets__Harness made = new Assets__Harness(address(this));
        (royalties, datasets, models) = (made.royalties(), made.datasets(), made.models());
        for (uint256 i = 0; i < 2; i++) {
            tokens[i] = new Token__Mock();
            tokens[i].mint(address(this), type(uint128).max);
            tokens[i].approve(address(royalties), type(uint256).max);
        }
        base = models.register("program", "manifest", address(tokens[0]), 1);
        (address[] memory who, uint256[] memory amounts) = (new address[](1), new uint256[](1));
        (who[0], amounts[0]) = (holders[0], 7);
        assets[DATASET] = datasets.register("t", "c", 1, "m", address(tokens[0]), 1, who, amounts);
        (assets[MODEL], ) = models.registerTrained(
            address(this),
            "run",
            "m",
            base,
            1_111,
            assets[DATASET],
            1,
            3_333,
            address(tokens[0])
        );
        for (uint256 i = 0; i < 2; i++) {
            shares[i] = Shares(royalties.sharesOf(assets[i]));
            shares[i].admit(address(tokens[1]));
        }
    }

    function pay(uint256 asset, uint256 token, uint96 amount) external {
        royalties.deposit(address(tokens[token % 2]), assets[asset % 2], amount % 1e12);
        deposited[token % 2] += amount % 1e12;
    }

    function distribute(uint256 token) external {
        address of_ = address(tokens[token % 2]);
        if (royalties.undrawn(of_, assets[MODEL]) != 0) royalties.distribute(of_, assets[MODEL]);
    }

    function handOut(uint256 to, uint256 amount) external {
        shares[MODEL].transfer(holders[to % 4], bound(amount, 0, shares[MODEL].balanceOf(address(this))));
    }

    function move(uint256 asset, uint256 from, uint256 to, uint256 amount) external {
        Shares moved = shares[asset % 2];
        address holder = holders[from % 4];
        amount = bound(amount, 0, moved.balanceOf(holder));
        vm.prank(holder);
        moved.transfer(holders[to % 4], amount);
    }

    function claim(uint256 asset, uint256 token, uint256 who) external {
        Shares of_ = shares[asset % 2];
        address in_ = address(tokens[token % 2]);
        if (of_.claimable(in_, holders[who % 4]) != 0) of_.claim(in_, holders[who % 4]);
    }

    function contribute(uint256 who, uint64 amount) external {
        if (amount == 0) return;
        (address[] memory to, uint256[] memory amounts) = (new address[](1), new uint256[](1));
        (to[0], amounts[0]) = (holders[who % 4], amount);
        datasets.addVersion(assets[DATASET], "c", ++_rows, "m", to, amounts);
    }

    function collectBase(uint256 token) external {
        address in_ = address(tokens[token % 2]);
        if (royalties.earned(in_, base) != royalties.paid(in_, base)) royalties.collect(in_, base);
    }
}

/// @notice That revenue is divided to the last unit, whatever happens to the shares.
contract SharesConservedTest is TestBase {
    SharesHandler private handler;

    function setUp() public {
        handler = new SharesHandler();
        targetContract(address(handler));
    }

    /// @dev Each holder's last unit may be incomplete, one unit more is carried.
    function invariant_HoldersAreOwedWhatTheAssetEarnedToTheLastUnit() public view {
        for (uint256 asset = 0; asset < 2; asset++) {
            bool handedOut = asset == 1 || handler.shares(0).balanceOf(address(handler)) == 0;
            for (uint256 token = 0; token < 2; token++) {
                address of_ = address(handler.tokens(token));
                uint256 owed;
                for (uint256 i = 0; i < 4; i++) owed += handler.shares(asset).claimable(of_, handler.holders(i));
                uint256 id = handler.assets(asset);
                uint256 left = handler.royalties().earned(of_, id) - handler.royalties().paid(of_, id);
                require(owed <= left, "more is owed than there is");
                require(!handedOut || left - owed <= 5, "revenue that nobody is owed");
            }
        }
    }

    function invariant_TheLedgerHoldsWhatWasPaidInLessWhatWasPaidOut() public view {
        Royalties royalties = handler.royalties();
        for (uint256 token = 0; token < 2; token++) {
            address of_ = address(handler.tokens(token));
            uint256 left = royalties.undrawn(of_, handler.assets(0));
            uint256[3] memory ids = [handler.assets(0), handler.assets(1), handler.base()];
            for (uint256 i = 0; i < 3; i++) left += royalties.earned(of_, ids[i]) - royalties.paid(of_, ids[i]);
            uint256 held = handler.tokens(token).balanceOf(address(royalties));
            require(left <= held, "more is owed than the ledger holds");
            require(held - left < 3, "a share of each parent and the own, rounded down once");
        }
    }

    function invariant_SharesAreWhatWasIssued() public view {
        for (uint256 asset = 0; asset < 2; asset++) {
            Shares shares = handler.shares(asset);
            uint256 sum = shares.balanceOf(address(handler));
            for (uint256 i = 0; i < 4; i++) sum += shares.balanceOf(handler.holders(i));
            assertEq(sum, shares.totalSupply(), "the supply");
        }
        assertEq(handler.shares(0).totalSupply(), 1e24, "a trained model's supply");
    }

    /// @dev What two holders may claim together is the same, however they move their shares between payment and claim.
    function testFuzz_MovingSharesBetweenPaymentAndClaimGainsNothing(
        uint96 amount,
        uint256 given,
        uint256 moved,
        bool claimFirst
    ) public {
        (address ada, address bob) = (handler.holders(0), handler.holders(1));
        Shares shares = handler.shares(0);
        address token = address(handler.tokens(0));
        handler.handOut(0, bound(given, 1, 1e24));
        handler.handOut(1, type(uint256).max);
        handler.pay(0, 0, amount);
        (uint256 before, uint256 others) = (shares.claimable(token, ada), shares.claimable(token, bob));
        if (claimFirst) handler.claim(0, 0, 0);
        handler.move(0, 0, 1, moved);
        if (claimFirst) require(shares.claimable(token, ada) == 0, "twice");
        else assertEq(shares.claimable(token, ada), before, "lost by moving");
        assertEq(shares.claimable(token, bob), others, "gained by moving");
        handler.claim(0, 0, 0);
        handler.claim(0, 0, 1);
        assertEq(handler.tokens(0).balanceOf(ada), before, "paid to one");
        assertEq(handler.tokens(0).balanceOf(bob), others, "paid to the other");
    }

    /// @dev However a sum is cut into payments, a parent draws the same of it.
    function testFuzz_CuttingPaymentsLeaksNoUnit(uint96[8] calldata parts) public {
        (uint256 model, uint256 base) = (handler.assets(0), handler.base());
        address token = address(handler.tokens(0));
        for (uint256 i = 0; i < 8; i++) handler.pay(0, 0, parts[i]);
        uint256 sum = handler.deposited(0);
        IRoyalties royalties = handler.royalties();
        assertEq(royalties.earned(token, base), (sum * 1_111) / 10_000, "the base model");
        assertEq(royalties.earned(token, handler.assets(1)), (sum * 3_333) / 10_000, "the data set");
        assertEq(royalties.earned(token, model), (sum * 5_556) / 10_000, "the model");
    }

    /// @dev With several parents a rest would: two of them may gain a unit by one unit paid.
    function testFuzz_WhatAnAssetEarnedNeverShrinks(uint96 first, uint8 more) public {
        address token = address(handler.tokens(0));
        handler.pay(0, 0, first);
        uint256 before = handler.royalties().earned(token, handler.assets(0));
        handler.pay(0, 0, more % 4);
        require(handler.royalties().earned(token, handler.assets(0)) >= before, "shrunk");
    }

    function testFuzz_OnlyTheRoyaltiesIssueAndOnlyTheSharesDraw(address stranger, uint128 amount) public {
        Royalties royalties = handler.royalties();
        Shares shares = handler.shares(0);
        if (stranger == address(royalties) || stranger == address(shares)) return;
        if (stranger == address(handler.models()) || stranger == address(handler.datasets())) return;
        handler.pay(0, 0, 1e11);
        (address[] memory who, uint256[] memory amounts) = (new address[](1), new uint256[](1));
        (who[0], amounts[0]) = (stranger, amount);
        bytes[5] memory calls = [
            abi.encodeCall(royalties.pay, (address(handler.tokens(0)), handler.assets(0), stranger, amount)),
            abi.encodeCall(royalties.share, (handler.assets(0), address(0), stranger, who, amounts)),
            abi.encodeCall(royalties.descend, (handler.assets(0), new IRoyalties.Parent[](0))),
            abi.encodeCall(shares.issue, (who, amounts, address(0))),
            abi.encodeCall(shares.admit, (stranger))
        ];
        for (uint256 i = 0; i < 5; i++) {
            vm.prank(stranger);
            // solhint-disable-next-line avoid-low-level-calls
            (bool ok, ) = (i < 3 ? address(royalties) : address(shares)).call(calls[i]);
            require(!ok || stranger == address(handler), "a stranger");
        }
    }
}
